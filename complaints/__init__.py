"""When the contract fails: cases with a name, a date and a stated outcome."""
