"""Gift cards: bought, issued, claimed by a code, held in a wallet, given back unused."""
