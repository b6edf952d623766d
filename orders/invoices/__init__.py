"""Receipts, invoices and credit notes: what was paid, said on paper, to the fen."""
