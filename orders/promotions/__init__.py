"""Threshold offers and coupons: what a shop takes off, who may have it, and how it is split over lines."""
