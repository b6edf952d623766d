"""What personal data this app holds, why, and how long."""

from __future__ import annotations

from kernel.errors import N_
from privacy.classification import (
    AtErasure,
    Basis,
    Keeping,
    PersonalField,
    Purpose,
    SeenBy,
    Sensitivity,
)

# A case is part of the record of its trade, and is kept with it.
_TRADE = Keeping("cn.trade.retention", since="complaint__order__closed_at")
_BOTH = (SeenBy.MERCHANT, SeenBy.REVIEWER)


def _said(column: str, *, subject: str = "subject_id") -> PersonalField:
    """Free words of a quarrel: health, family and money come up in them."""
    return PersonalField(
        column,
        Sensitivity.SENSITIVE,
        Purpose.COMPLAINTS,
        Basis.CONTRACT,
        _BOTH,
        AtErasure.KEEP,
        _TRADE,
        subject=subject,
    )


def _pseudonym(column: str, *, subject: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.COMPLAINTS,
        Basis.LEGAL_DUTY,
        (SeenBy.REVIEWER,),
        AtErasure.STAYS,
        subject=subject,
        why="a pseudonym in the record of a case; without the subject's key it leads to nobody",
    )


FIELDS: tuple[PersonalField, ...] = (
    _pseudonym("complaints.Complaint.subject_id", subject="subject_id"),
    _said("complaints.Statement.text", subject="author_subject_id"),
    _pseudonym("complaints.Statement.author_subject_id", subject="author_subject_id"),
    _pseudonym("complaints.Statement.actor", subject="actor__endswith"),
    _said("complaints.Decision.facts"),
    _said("complaints.Decision.reasons"),
    _pseudonym("complaints.Decision.subject_id", subject="subject_id"),
    _pseudonym("complaints.Decision.decided_by", subject="decided_by"),
    _pseudonym("complaints.ComplaintMove.actor", subject="actor__endswith"),
    _pseudonym("complaints.Offer.actor", subject="actor__endswith"),
    PersonalField(
        "complaints.Exhibit.file",
        Sensitivity.SENSITIVE,
        Purpose.COMPLAINTS,
        Basis.CONTRACT,
        _BOTH,
        AtErasure.KEEP,
        _TRADE,
        subject="file__subject_id",
        why="the column holds a number; the file behind it is sealed under the person's key",
    ),
    PersonalField(
        "complaints.ComplaintDraft.story",
        Sensitivity.SENSITIVE,
        Purpose.COMPLAINTS,
        Basis.CONTRACT,
        erasure=AtErasure.DELETE_ROW,
    ),
)
_CODE = "a code of ours"
NOT_PERSONAL: dict[str, str] = {
    "complaints.Complaint.number": "a number of ours",
    "complaints.Complaint.field": "the name of a fact of the listing",
    "complaints.Complaint.state": _CODE,
    "complaints.Complaint.category": _CODE,
    "complaints.Complaint.wish": _CODE,
    "complaints.Complaint.currency": "a currency",
    "complaints.*.remedy": _CODE,
    "complaints.*.rule_ids": "rules",
    "complaints.Complaint.pack_version": "a version",
    "complaints.ComplaintDraft.file_ids": "numbers of stored files",
    "complaints.ComplaintMove.name": "the name of a move",
    "complaints.ComplaintMove.from_state": _CODE,
    "complaints.ComplaintMove.to_state": _CODE,
    "complaints.*.seat": _CODE,
}
# What the person calls it.
WORDS: dict[str, str] = {
    "complaints.Statement.text": N_("What you said in a complaint"),
    "complaints.Decision.facts": N_("What we found in a complaint"),
    "complaints.Decision.reasons": N_("Why we decided so"),
    "complaints.Exhibit.file": N_("A file"),
    "complaints.ComplaintDraft.story": N_("A complaint that you have not sent"),
}
