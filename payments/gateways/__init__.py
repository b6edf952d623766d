"""Providers behind one protocol."""
