"""The public catalogue, read only."""
