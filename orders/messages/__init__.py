"""Buyer and shop write to each other through the platform, and neither learns the other's address."""
