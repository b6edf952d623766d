"""The boundary to allauth: it sees keyed pseudonyms of addresses, we keep the addresses sealed."""

from __future__ import annotations

import re

from privacy import blind_index

DOMAIN = "p.invalid"
PHONE_DOMAIN = "t.invalid"
WEIXIN_DOMAIN = "w.invalid"
PURPOSE = "accounts.sign_in"
PHONE_PURPOSE = "accounts.sign_in.phone"
_PHONE = re.compile(r"\+?[\d\s().-]{6,24}")


def pseudonym_of(address: str) -> str:
    """What stands for `address` in every table, session and cache; two spellings of one address agree.

    `.invalid` never resolves (RFC 2606), so a letter sent to a pseudonym by mistake goes nowhere.
    """
    return f"{blind_index.of(PURPOSE, blind_index.normal_email(address))}@{DOMAIN}"


def pseudonym_of_phone(number: str) -> str:
    """The same for a phone number: to allauth it is one more address of the account."""
    return f"{blind_index.of(PHONE_PURPOSE, blind_index.normal_phone(number))}@{PHONE_DOMAIN}"


def looks_like_phone(text: str) -> bool:
    """Digits with the usual signs between them; seven digits at least (E.164 allows fifteen)."""
    return bool(_PHONE.fullmatch(text.strip())) and 7 <= sum(sign.isdigit() for sign in text) <= 15


def stands_for(contact: str) -> str:
    """The pseudonym of an e-mail address or a phone number, whichever it is."""
    return pseudonym_of_phone(contact) if looks_like_phone(contact) else pseudonym_of(contact)


def is_pseudonym(text: str) -> bool:
    return text.strip().lower().endswith((f"@{DOMAIN}", f"@{PHONE_DOMAIN}", f"@{WEIXIN_DOMAIN}"))


def is_of_phone(pseudonym: str) -> bool:
    return pseudonym.endswith(f"@{PHONE_DOMAIN}")


def of_network(ip: str) -> str:
    """What stands for a client's network in rate-limit keys."""
    return blind_index.of("accounts.network", ip)
