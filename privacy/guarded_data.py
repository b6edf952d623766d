"""What this room holds about minors, their guardians and data abroad; a part of personal_data.py."""

from __future__ import annotations

from privacy.classification import AtErasure, Basis, PersonalField, Purpose, SeenBy, Sensitivity

WHY = "a band of ages or a link between two pseudonyms; checkout asks for it, and no birthday is kept"


def child(column: str, subject: str) -> PersonalField:
    """What is known about a child's account and its guardian goes with either of them."""
    return PersonalField(
        column,
        Sensitivity.MINORS,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.DELETE_ROW,
        subject=subject,
        why=WHY,
    )


FIELDS: tuple[PersonalField, ...] = (
    child("privacy.MinorProfile.band", "subject_id"),
    child("privacy.GuardianLink.minor", "minor_id"),
    child("privacy.GuardianLink.guardian", "guardian_id"),
    child("privacy.SpendingRequest.minor", "minor_id"),
    child("privacy.GuardianLink.proof_refusal", "guardian_id"),
    PersonalField(
        "privacy.Transfer.subject",
        Sensitivity.GENERAL,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        why="records of sharing are kept (cn.data.sharing_records); a pseudonym without its key",
    ),
    PersonalField(
        "privacy.ExportFiling.noted_by",
        Sensitivity.GENERAL,
        Purpose.RIGHTS,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        subject="noted_by__endswith",
        why="a pseudonym of who acted; without the subject's key it leads to nobody",
    ),
)
NOT_PERSONAL: dict[str, str] = {
    "privacy.GuardianLink.code_digest": "a keyed digest of a random code that ends after a week",
    "privacy.GuardianLink.sha256": "a digest of a published text",
    "privacy.GuardianLink.proof_state": "a code of ours",
    "privacy.GuardianLink.proof_decided_by": "a pseudonym of the officer, which goes with the family's link",
    "privacy.MinorProfile.source": "a code of ours",
}
