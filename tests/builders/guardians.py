"""A child, a guardian and what shows that they are one, made through the use cases."""

from __future__ import annotations

from datetime import UTC, datetime

from kernel.actor import Actor
from kernel.ids import new_id
from privacy import examining, guardian_proofs, guardians, minors
from privacy.models import AgeBand, GuardianLink
from tests.builders.people import Person, a_buyer
from tests.privacy.pictures import a_jpeg_upload

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
OFFICER = Actor.staff(new_id())


def a_family(
    *, band: AgeBand = AgeBand.FROM_8_TO_13, at: datetime = AT
) -> tuple[Person, Person, GuardianLink]:
    """A child, a parent who agreed, and their link."""
    child, parent = a_buyer("小安"), a_buyer("妈妈")
    minors.declare(subject_id=child.subject_id, band=band, actor=child.actor, at=at)
    _, code = guardians.invite(minor_id=child.subject_id, actor=child.actor, at=at)
    link = guardians.accept(
        code=code, guardian_id=parent.subject_id, version=1, language="zh-hans", actor=parent.actor, at=at
    )
    return child, parent, link


def a_proof(parent: Person, link: GuardianLink, *, at: datetime = AT, examined: bool = True) -> GuardianLink:
    """A photograph of the household register, handed in and cleared by the scan."""
    upload = a_jpeg_upload("户口簿.jpg")
    held = guardian_proofs.hand_in(link_id=link.pk, upload=upload, actor=parent.actor, at=at)
    if examined and held.proof_id:
        examining.examine(file_id=held.proof_id, at=at)
        held.refresh_from_db()
    return held
