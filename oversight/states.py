"""The life of a reported matter as a table: every end has reasons, silence of all sides is one of them."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_
from kernel.lifecycle import Lifecycle


class MatterState(StrEnum):
    RECEIVED = "received"
    ASKED = "asked"
    ANSWERED = "answered"
    NO_VIOLATION = "no_violation"
    CORRECTED = "corrected"
    SUSPENDED = "suspended"
    POINTS = "points"
    HANDED_OVER = "handed_over"
    UNANSWERED = "unanswered"


_M = MatterState
RUNNING = frozenset({_M.RECEIVED, _M.ASKED, _M.ANSWERED})

MATTER = Lifecycle(
    "matter",
    MatterState,
    ask=({_M.RECEIVED}, _M.ASKED),
    answer=({_M.ASKED}, _M.ANSWERED),
    keep_silent=({_M.ASKED}, _M.ANSWERED),
    clear=(RUNNING, _M.NO_VIOLATION),
    correct=(RUNNING, _M.CORRECTED),
    suspend=(RUNNING, _M.SUSPENDED),
    penalise=(RUNNING, _M.POINTS),
    hand_over=(RUNNING, _M.HANDED_OVER),
    leave=(RUNNING, _M.UNANSWERED),
)

# What staff may rule, and the move it is.
RULINGS: dict[str, str] = {
    _M.NO_VIOLATION: "clear",
    _M.CORRECTED: "correct",
    _M.SUSPENDED: "suspend",
    _M.POINTS: "penalise",
    _M.HANDED_OVER: "hand_over",
}
# These cost the shop something: it is heard before, unless the matter is urgent.
AGAINST_THE_SHOP = frozenset({_M.SUSPENDED, _M.POINTS})
# What names its rule.
BY_A_RULE = frozenset({_M.CORRECTED, _M.SUSPENDED, _M.POINTS, _M.HANDED_OVER})
# What the public reads with the shop's name.
PUBLISHED = frozenset({_M.CORRECTED, _M.SUSPENDED, _M.POINTS, _M.HANDED_OVER})

STATE_WORDS = {
    _M.RECEIVED: N_("We are looking into it"),
    _M.ASKED: N_("The shop was asked and may answer"),
    _M.ANSWERED: N_("The shop's time to answer is over; we decide"),
    _M.NO_VIOLATION: N_("No violation found"),
    _M.CORRECTED: N_("Put right by the shop"),
    _M.SUSPENDED: N_("Suspended by the platform"),
    _M.POINTS: N_("The shop gets penalty points and may appeal"),
    _M.HANDED_OVER: N_("Handed over to the authority"),
    _M.UNANSWERED: N_("We failed to decide in time"),
}


class Kind(StrEnum):
    FALSE_ADS = "false_ads"
    COUNTERFEIT = "counterfeit"
    UNSAFE = "unsafe"
    PRIVACY = "privacy"
    FAKE_REVIEWS = "fake_reviews"
    MINORS = "minors"
    OTHER = "other"


# As people say it; which rules of the law that is stands in the policy `oversight.kinds`.
KIND_WORDS = {
    Kind.FALSE_ADS: N_("It says what isn't true: false advertising, made-up prices or effects"),
    Kind.COUNTERFEIT: N_("It is a fake or passes itself off as another brand"),
    Kind.UNSAFE: N_("It can hurt somebody: unsafe goods, bad food, no safety mark"),
    Kind.PRIVACY: N_("It collects, shows or sells personal data"),
    Kind.FAKE_REVIEWS: N_("Reviews or sales figures are made up or paid for"),
    Kind.MINORS: N_("It harms children: content, goods or sales to minors"),
    Kind.OTHER: N_("Something else that breaks the law"),
}


class Target(StrEnum):
    LISTING = "listing"
    SHOP = "shop"
    PAGE = "page"
    ELSEWHERE = "elsewhere"


class Authority(StrEnum):
    HOTLINE = "12315"
    REGULATOR = "regulator"
    POLICE = "police"


AUTHORITY_WORDS = {
    Authority.HOTLINE: N_("12315, the national platform for consumer reports"),
    Authority.REGULATOR: N_("the market regulator of the shop's place"),
    Authority.POLICE: N_("the police"),
}
