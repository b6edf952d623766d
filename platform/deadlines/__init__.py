"""Promises with a date: rows that are swept, never timers in a broker."""
