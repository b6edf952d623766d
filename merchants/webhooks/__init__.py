"""Telling a shop's own servers what happened: signed, again until taken, in order for each thing."""
