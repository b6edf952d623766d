"""What can be wrong, in daily words, and the legal ground each stands on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Category(StrEnum):
    NOT_RECEIVED = "not_received"
    DAMAGED = "damaged"
    FAULTY = "faulty"
    NOT_AS_DESCRIBED = "not_as_described"
    WRONG_GOODS = "wrong_goods"
    COUNTERFEIT = "counterfeit"
    UNSAFE = "unsafe"
    RETURN_REFUSED = "return_refused"
    OTHER = "other"


class Wish(StrEnum):
    REFUND = "refund"
    PART_REFUND = "part_refund"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Ground:
    """`rule_ids` are those of the law pack by which the platform will look at it."""

    category: Category
    label: object
    hint: object
    rule_ids: tuple[str, ...]


GROUNDS: dict[Category, Ground] = {
    ground.category: ground
    for ground in (
        Ground(
            Category.NOT_RECEIVED,
            _("It hasn't arrived"),
            _("The parcel is late, lost, or says delivered and isn't here."),
            ("cn.delivery.risk",),
        ),
        Ground(
            Category.DAMAGED,
            _("It arrived damaged"),
            _("Broken, leaking, opened or wet on arrival."),
            ("cn.quality.return", "cn.delivery.risk"),
        ),
        Ground(
            Category.FAULTY,
            _("It doesn't work as it should"),
            _("A fault shows in normal use."),
            ("cn.quality.return", "cn.durables.burden"),
        ),
        Ground(
            Category.NOT_AS_DESCRIBED,
            _("It isn't what the page said"),
            _("Size, colour, material, date or function differ from the page you bought from."),
            ("cn.disclosure.truthful", "cn.quality.return"),
        ),
        Ground(
            Category.WRONG_GOODS,
            _("It's something else, or something is missing"),
            _("Another item, another size, or fewer pieces than paid."),
            ("cn.quality.return",),
        ),
        Ground(
            Category.COUNTERFEIT,
            _("I think it's a fake"),
            _("The brand, the certificate or the serial number doesn't hold."),
            ("cn.fraud",),
        ),
        Ground(
            Category.UNSAFE,
            _("It's dangerous"),
            _("It hurt somebody or could: heat, smoke, sharp parts, spoiled food."),
            ("cn.quality.return",),
        ),
        Ground(
            Category.RETURN_REFUSED,
            _("My return or refund was refused"),
            _("The shop won't take it back or hasn't paid it back."),
            ("cn.return.window", "cn.return.refund"),
        ),
        Ground(
            Category.OTHER,
            _("Something else"),
            _("Tell it in your own words; we'll put it in the right place."),
            (),
        ),
    )
}

# What takes a trader's rule's place where a private person sold; nothing where nothing does.
AGAINST_A_PERSON = {
    "cn.quality.return": "cn.private.conformity",
    "cn.durables.burden": "",
    "cn.fraud": "cn.private.fraud",
    "cn.return.window": "cn.secondhand.private",
    "cn.return.refund": "",
}


def rules_of(category: Category, *, by_person: bool) -> tuple[str, ...]:
    """The rules by which the platform looks at it, given who sold as the order keeps it."""
    found = GROUNDS[category].rule_ids
    if not by_person:
        return found
    return tuple(dict.fromkeys(kept for each in found if (kept := AGAINST_A_PERSON.get(each, each))))


WISHES: dict[Wish, object] = {
    Wish.REFUND: _("All my money back"),
    Wish.PART_REFUND: _("Part of my money back, and I keep it"),
    Wish.EXCHANGE: _("Another one instead"),
    Wish.REPAIR: _("Have it repaired"),
    Wish.CORRECTION: _("A correction or an apology"),
}

MONEY_WISHES = frozenset({Wish.REFUND, Wish.PART_REFUND})
