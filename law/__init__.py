"""The law as data and pure functions: a pack and a calendar are handed in, nothing is read here."""
