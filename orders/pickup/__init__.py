"""Goods handed over and taken back at a shop's service points, by code."""
