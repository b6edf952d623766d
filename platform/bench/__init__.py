"""Figures beside their floor of the same run: pages, checkout, deadlines. Reached by `dev bench`."""
