"""Listings from files: read, understood row by row, written whole or not at all, reported."""
