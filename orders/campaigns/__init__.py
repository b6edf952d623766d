"""Campaigns that the platform pays for: made and funded, claimed, taken off, paid in and paid back."""
