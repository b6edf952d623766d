"""Bonus points: granted for settled orders, spent as a means of payment, taken back, ended."""
