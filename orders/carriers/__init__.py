"""Carriers whose events we take in; each speaks its own signed format."""
