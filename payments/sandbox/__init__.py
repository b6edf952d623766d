"""The sandbox provider: another company, played in our own house. It knows nothing of our ledger."""
