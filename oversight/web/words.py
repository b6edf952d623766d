"""Matters in words: what is wrong, where, how it stands, what follows, and whose turn it is."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import offers
from kernel.errors import N_
from oversight import deadlines, deciding, reporting
from oversight.models import Matter, Ruling
from oversight.states import AUTHORITY_WORDS, KIND_WORDS, STATE_WORDS, Authority, Kind, MatterState, Target

SHORT = {
    Kind.FALSE_ADS: N_("False advertising"),
    Kind.COUNTERFEIT: N_("Counterfeit"),
    Kind.UNSAFE: N_("Unsafe goods"),
    Kind.PRIVACY: N_("Personal data"),
    Kind.FAKE_REVIEWS: N_("Fake reviews"),
    Kind.MINORS: N_("Harm to minors"),
    Kind.OTHER: N_("Other violation"),
}
# What follows if whoever is on turn does nothing, by the kind of the running clock.
SILENCE = {
    deadlines.DECISION: N_("A senior decides it then, and the delay counts in our public figures."),
    deadlines.SENIOR: N_("It is closed as our failure then, and you can go on to the authority with it."),
    deadlines.ANSWER: N_("It is decided then on what there is."),
}


def of_matter(matter: Matter) -> dict[str, Any]:
    """What every page shows of one; nothing about who reported it."""
    clock = deadlines.shown(matter.pk) if matter.is_running else None
    return {
        "matter": matter,
        "kind": _(SHORT[Kind(matter.kind)]),
        "what": _(KIND_WORDS[Kind(matter.kind)]),
        "where": where(matter),
        "state": _(STATE_WORDS[MatterState(matter.state)]),
        "rules": reporting.kind_terms(matter.kind, matter.opened_at)["rules"],
        "clock": clock,
        "silence": _(SILENCE[clock.kind]) if clock else "",
        "ruling": deciding.ruling_of(matter),
    }


def where(matter: Matter) -> dict[str, str]:
    """A title and, where it can be opened, its address."""
    language = get_language() or "zh-hans"
    if matter.target == Target.LISTING and matter.revision is not None:
        address = reverse("catalog:revision", args=[matter.listing_id, matter.revision.number])
        return {"title": offers.title(matter.revision.content, language), "address": address}
    if matter.target == Target.SHOP and matter.merchant is not None:
        return {
            "title": matter.merchant.display_name,
            "address": reverse("catalog:shop", args=[matter.merchant.slug]),
        }
    if matter.page:
        return {"title": matter.page, "address": matter.page}
    return {"title": _("Said in the report"), "address": ""}


def authority(ruling: Ruling | None) -> str:
    """To whom it was handed over; "" where it wasn't."""
    return _(AUTHORITY_WORDS[Authority(ruling.authority)]) if ruling and ruling.authority else ""
