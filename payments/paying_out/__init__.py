"""Paying shops: whose turn it is, what must come first, the sending, and what came of it."""
