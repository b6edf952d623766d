"""What personal data this app holds, why, and how long."""

from __future__ import annotations

from kernel.errors import N_
from privacy.classification import AtErasure, Basis, PersonalField, Purpose, SeenBy, Sensitivity


def _told(column: str, sensitivity: Sensitivity = Sensitivity.SENSITIVE) -> PersonalField:
    """Read by the desk alone; no shop ever sees it."""
    return PersonalField(
        column, sensitivity, Purpose.RIGHTS, Basis.LEGAL_DUTY, (SeenBy.REVIEWER,), AtErasure.SHRED
    )


def _pseudonym(column: str, *, subject: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.REVIEWER,),
        AtErasure.STAYS,
        subject=subject,
        why="a pseudonym in the record of a matter; without the subject's key it leads to nobody",
    )


FIELDS: tuple[PersonalField, ...] = (
    _told("oversight.Report.words"),
    _told("oversight.Report.about", Sensitivity.GENERAL),
    _told("oversight.Report.contact", Sensitivity.GENERAL),
    _pseudonym("oversight.Report.subject", subject="subject_id"),
    _pseudonym("oversight.Matter.shop_subject_id", subject="shop_subject_id"),
    PersonalField(
        "oversight.Matter.answer",
        Sensitivity.GENERAL,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.REVIEWER,),
        AtErasure.SHRED,
        subject="shop_subject_id",
    ),
    PersonalField(
        "oversight.ReportFile.file",
        Sensitivity.SENSITIVE,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.REVIEWER,),
        AtErasure.STAYS,
        subject="file__subject_id",
        why="the column holds a number; the file behind it is sealed under the person's key and goes with it",
    ),
    _pseudonym("oversight.MatterMove.actor", subject="actor__endswith"),
    _pseudonym("oversight.Look.actor", subject="actor__endswith"),
    _pseudonym("oversight.Ruling.proposed_by", subject="proposed_by"),
    _pseudonym("oversight.Ruling.confirmed_by", subject="confirmed_by"),
)
_CODE = "a code of ours"
NOT_PERSONAL: dict[str, str] = {
    "oversight.*.number": "a number of ours",
    "oversight.Matter.kind": _CODE,
    "oversight.Matter.target": _CODE,
    "oversight.Matter.state": _CODE,
    "oversight.Matter.page": "the address of a page that is open to everybody",
    "oversight.Matter.question": "what the desk asks a shop, in its own words",
    "oversight.MatterMove.name": "the name of a move",
    "oversight.MatterMove.from_state": _CODE,
    "oversight.MatterMove.to_state": _CODE,
    "oversight.Report.digest": "a keyed digest of a code that was given once",
    "oversight.Look.reason": "why staff read a report",
    "oversight.Ruling.outcome": _CODE,
    "oversight.Ruling.reasons": "why a shop's conduct was found right or wrong, written to be published",
    "oversight.Ruling.rule_id": "a rule",
    "oversight.Ruling.authority": _CODE,
    "oversight.Ruling.record": "how an authority calls a matter",
}
# What the person calls it.
WORDS: dict[str, str] = {
    "oversight.Report.words": N_("What you reported"),
    "oversight.Report.about": N_("The number that you named with a report"),
    "oversight.Report.contact": N_("How to reach you about a report"),
    "oversight.Matter.answer": N_("What your shop answered to a report"),
}
