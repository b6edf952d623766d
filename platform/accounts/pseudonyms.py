"""The boundary to allauth: it sees keyed pseudonyms of addresses, we keep the addresses sealed."""

from __future__ import annotations

from privacy import blind_index

DOMAIN = "p.invalid"
PURPOSE = "accounts.sign_in"


def pseudonym_of(address: str) -> str:
    """What stands for `address` in every table, session and cache; two spellings of one address agree.

    `.invalid` never resolves (RFC 2606), so a letter sent to a pseudonym by mistake goes nowhere.
    """
    return f"{blind_index.of(PURPOSE, blind_index.normal_email(address))}@{DOMAIN}"


def is_pseudonym(text: str) -> bool:
    return text.strip().lower().endswith(f"@{DOMAIN}")


def of_network(ip: str) -> str:
    """What stands for a client's network in rate-limit keys."""
    return blind_index.of("accounts.network", ip)
