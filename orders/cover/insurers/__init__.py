"""Insurers behind one protocol: what we tell them, and how their signed answers are read."""
