"""Facts made hard to deny: commitments queued here, placed in a tree and signed."""
