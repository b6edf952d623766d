"""What the demonstration's own table holds about people: nothing."""

from __future__ import annotations

from privacy.classification import PersonalField

FIELDS: tuple[PersonalField, ...] = ()
NOT_PERSONAL: dict[str, str] = {"demo.Mark.key": "how far the script has come: names of its invented people"}
