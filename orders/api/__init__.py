"""A shop's orders for its own programs, and a person's for theirs."""
