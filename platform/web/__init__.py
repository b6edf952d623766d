"""HTTP plumbing that every app's pages use; knows users only as `request.actor`."""
