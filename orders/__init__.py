"""The contract between a buyer and a merchant: cart, order, delivery, return, settlement."""
