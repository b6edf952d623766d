"""Money held and moved: payments, escrow, refunds and payouts on one double-entry ledger."""
