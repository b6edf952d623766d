"""Copies of the whole installation: taken while it runs, put back so that the erased stay erased."""
