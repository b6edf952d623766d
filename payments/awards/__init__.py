"""Compensations: owed and gathered in one step, then transferred to the buyer, call by recorded call."""
