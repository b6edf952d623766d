"""Payments' pages."""
