"""How a statement's lines of a dispute are named: withdrawn under its id, put back under its id and this."""

BACK = ":back"
