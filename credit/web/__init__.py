"""Pages of credit and reviews."""
