"""What inspections hold about people: whoever inspected, decided and answered."""

from __future__ import annotations

from kernel.errors import N_
from privacy.classification import AtErasure, Basis, Keeping, PersonalField, Purpose, SeenBy, Sensitivity

_KEPT = Keeping("cn.identity.retention", since="merchant__closed_at", owed="merchant__since")
_KEPT_FILE = Keeping(
    "cn.identity.retention",
    since="inspection__merchant__closed_at",
    owed="inspection__merchant__since",
)


def _staff(column: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.REVIEWER,),
        AtErasure.STAYS,
        subject=column.rpartition(".")[2],
        why="a pseudonym of who inspected a business; without the subject's key it leads to nobody",
    )


def _found(column: str, *, subject: str = "subject_id") -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.SHOP,
        Basis.LEGAL_DUTY,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.STAYS,
        subject=subject,
        why="what was found at a business and under which rule; it has to stand up in an appeal",
    )


FIELDS: tuple[PersonalField, ...] = (
    _staff("merchants.Inspection.inspected_by"),
    _staff("merchants.Inspection.closed_by"),
    _staff("merchants.Inspection.subject_id"),
    _found("merchants.Inspection.scope"),
    _found("merchants.Inspection.outcome"),
    _found("merchants.InspectionFinding.facts", subject="inspection__subject_id"),
    _found("merchants.InspectionFinding.remedy", subject="inspection__subject_id"),
    PersonalField(
        "merchants.Inspection.answer",
        Sensitivity.SENSITIVE,
        Purpose.SHOP,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.KEEP,
        _KEPT,
    ),
    PersonalField(
        "merchants.InspectionFile.file",
        Sensitivity.SENSITIVE,
        Purpose.SHOP,
        Basis.CONTRACT,
        (SeenBy.MERCHANT, SeenBy.REVIEWER),
        AtErasure.KEEP,
        _KEPT_FILE,
        subject="file__subject_id",
        why="the column holds a number; the file behind it is sealed under the shop's key",
    ),
)
NOT_PERSONAL: dict[str, str] = {
    "merchants.Inspection.reasons": "codes of ours and counts of a shop's conduct",
    "merchants.Inspection.state": "a code of ours",
    "merchants.InspectionFinding.rule_id": "a rule",
    "merchants.InspectionPlan.policy": "a version of a policy",
    "merchants.InspectionPlan.drawn_by": "which desk or machine drew a plan",
}
# What the person calls it.
WORDS: dict[str, str] = {
    "merchants.Inspection.answer": N_("What the shop answered to an inspection"),
    "merchants.Inspection.scope": N_("What was looked at in an inspection"),
    "merchants.Inspection.outcome": N_("What came of an inspection"),
    "merchants.InspectionFinding.facts": N_("What an inspection found"),
    "merchants.InspectionFinding.remedy": N_("What puts right what an inspection found"),
    "merchants.InspectionFile.file": N_("Files of an inspection"),
}
