"""A shop's deposit: what it must leave, how it pays that in, and how it gets it back."""
