"""Providers to practise against: they check what we sign, sign what they say, and fail when told to."""
