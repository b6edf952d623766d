"""What programs meet first: the token and its limits."""
