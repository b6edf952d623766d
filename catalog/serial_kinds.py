"""Where serial codes come from, and what about one alarms."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_


class Source(StrEnum):
    GENERATED = "generated"
    IMPORTED = "imported"


class AlarmKind(StrEnum):
    # Asked about often and from many places: probably copied.
    ASKED_OFTEN = "asked_often"
    # To be handed out with a second order.
    SOLD_TWICE = "sold_twice"
    # Another shop has the very same code.
    IN_TWO_SHOPS = "in_two_shops"


SOURCE_WORDS = {
    Source.GENERATED: N_("made here"),
    Source.IMPORTED: N_("from the brand's own list"),
}
ALARM_WORDS = {
    AlarmKind.ASKED_OFTEN: N_("Asked about from many places: the label may have been copied"),
    AlarmKind.SOLD_TWICE: N_("Was to go out with a second order"),
    AlarmKind.IN_TWO_SHOPS: N_("Two shops claim the same code"),
}
