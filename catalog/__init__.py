"""What is offered: categories with their duties, listings, frozen revisions, stock, search."""
