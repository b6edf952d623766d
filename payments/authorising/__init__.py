"""Money that a payer's bank reserves first: noted, taken once the shops have confirmed, or let go."""
