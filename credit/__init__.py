"""What conduct adds up to: entries, the published standard, grades with their why, and reviews."""
