"""Prices and pieces of many variants at once: seen, changed by one step, checked, taken, reported."""
