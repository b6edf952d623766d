"""Violations that anybody reports, and notices about intellectual property: heard, decided, shown."""
