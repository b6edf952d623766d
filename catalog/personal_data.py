"""What this app holds about people: nothing but pseudonyms of who acted."""

FIELDS = {
    "catalog.ListingRevision.published_by": "who published a revision, a pseudonym, kept with the revision",
    "catalog.ListingMove.actor": "who moved a listing on, a pseudonym",
    "catalog.StockChange.actor": "who changed a count, a pseudonym",
}
