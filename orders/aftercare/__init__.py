"""Goods that fail are repaired or exchanged, or the money goes back."""
