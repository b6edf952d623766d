"""The life of a document that a shop handed in, as a table."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_
from kernel.lifecycle import Lifecycle


class DocumentState(StrEnum):
    HANDED_IN = "handed_in"
    VERIFIED = "verified"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


D = DocumentState

DOCUMENT = Lifecycle(
    "document",
    DocumentState,
    verify=({D.HANDED_IN}, D.VERIFIED),
    refuse=({D.HANDED_IN}, D.REFUSED),
    revoke=({D.VERIFIED}, D.REFUSED),
    reinstate=({D.REFUSED}, D.VERIFIED),
    expire=({D.VERIFIED}, D.EXPIRED),
    withdraw=({D.HANDED_IN, D.VERIFIED}, D.WITHDRAWN),
    supersede=({D.HANDED_IN, D.VERIFIED}, D.WITHDRAWN),
)

STATE_WORDS = {
    D.HANDED_IN: N_("Handed in, not checked yet"),
    D.VERIFIED: N_("Checked and valid"),
    D.REFUSED: N_("Not accepted"),
    D.EXPIRED: N_("Run out"),
    D.WITHDRAWN: N_("Taken back"),
}
