"""What to call the person, corrected by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from accounts.finding import account_of_subject
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from privacy.correcting import Corrected

LONGEST = 40


class NameTooLong(Invalid):
    code = "name_too_long"
    message = N_("This is too long: at most %(most)s characters.")


def correct_name(*, subject_id: UUID, values: Mapping[str, str], actor: Actor, at: datetime) -> Corrected:
    """:raises NameTooLong:"""
    name = values.get("display_name")
    user = account_of_subject(subject_id, lock=True) if name else None
    if user is None or name is None:
        return Corrected()
    if len(name) > LONGEST:
        raise NameTooLong(field="display_name", most=LONGEST)
    user.display_name = name
    user.save(update_fields=["display_name"])
    return Corrected({"accounts.User.display_name": 1})
