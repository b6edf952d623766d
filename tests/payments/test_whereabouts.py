"""Every place of an order's money has its line: where, since when, and what moves it next."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from payments import accounts, whereabouts
from payments.whereabouts import NEXT, Place

# Each kind of account → the places at which an order's money is shown there; none: never an order's money.
KINDS: dict[str, set[Place]] = {
    "escrow": {Place.HELD},
    "dispute": {Place.DISPUTED},
    "provider": {Place.REFUND_ON_ITS_WAY, Place.REFUNDED},
    "card": {Place.BACK_HERE},
    "points": {Place.BACK_HERE},
    "merchant": {Place.MERCHANT},
    "fees": {Place.FEES},
    "tax": {Place.TAX},
    "insurer": {Place.INSURER},
    # What was set apart before it was paid, or a second charge on its way back: the payment's page says it.
    "suspense": set(),
    # Campaigns' own money, the fund's and its claims, and exchange, which stays empty.
    "campaign": set(),
    "fund": set(),
    "fx": set(),
}
# Accounts that other rooms add; each is nobody's order money until it says so above.
BESIDE = {"award", "carrier"}


def kinds() -> set[str]:
    alternatives = accounts.PATTERN.removeprefix("^(").removesuffix(")$").split("|")
    return {one.partition(":")[0] for one in alternatives if ":" in one and one[0].isalpha()}


def test_every_kind_of_account_is_decided() -> None:
    assert {one for one in kinds() if one not in {"deposit", "reserve", "debt", "relief"}} - BESIDE == set(
        KINDS
    )


def test_every_place_stands_for_an_account() -> None:
    # What is only reserved at the bank is in no book.
    assert set().union(*KINDS.values()) | {Place.RESERVED} == set(Place) == set(NEXT)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
@pytest.mark.parametrize("place", list(Place))
def test_every_place_says_what_moves_it_next(place: Place, language: str) -> None:
    line = whereabouts.MoneyLine(place, None, None)  # type: ignore[arg-type]
    with override(language):
        assert line.label and line.next
        assert language == "en" or line.next != NEXT[place]
