"""Reading what an offer says before it goes live: pure, by rules that are data."""
