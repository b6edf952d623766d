"""The way back at the shop's cost: free labels, and the carrier's collection at the buyer's door."""
