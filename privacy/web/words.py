"""What kinds of requests and their states are called on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from kernel.errors import N_
from privacy import minors
from privacy.models import AgeBand
from privacy.states import RequestKind, RequestState

BANDS = (
    (AgeBand.UNDER_8, gettext_lazy("Under 8")),
    (AgeBand.FROM_8_TO_13, gettext_lazy("8 to 13")),
    (AgeBand.FROM_14_TO_17, gettext_lazy("14 to 17")),
    (minors.ADULT, gettext_lazy("18 or older")),
)
KINDS = {
    RequestKind.COPY: N_("A copy of your data"),
    RequestKind.CORRECT: N_("A correction"),
    RequestKind.MOVE: N_("Your data to take elsewhere"),
    RequestKind.ERASE: N_("Deletion of your data"),
    RequestKind.CLOSE: N_("Closing your account"),
    RequestKind.OBJECT_AUTOMATED: N_("A human instead of a machine"),
    RequestKind.RESTRICT: N_("To keep, but not use"),
    RequestKind.UNDO_ORDER: N_("To undo an order of your child"),
    RequestKind.OTHER: N_("Something else about your data"),
}
STATES = {
    RequestState.RECEIVED: N_("Received: we check that it is you"),
    RequestState.OPEN: N_("Being worked on"),
    RequestState.COOLING_OFF: N_("Time to think it over"),
    RequestState.ANSWERED: N_("Done"),
    RequestState.REFUSED: N_("Refused, with reasons"),
    RequestState.WITHDRAWN: N_("You took it back"),
}
# By the name of the move.
STEPS = {
    "receive": N_("Received"),
    "overdue": N_("We are late"),
    "check_identity": N_("We know that it is you"),
    "begin_cooling_off": N_("The time to think it over began"),
    "extend": N_("We need more time and said why"),
    "answer": N_("Answered"),
    "refuse": N_("Refused"),
    "withdraw": N_("You took it back"),
}
COPY_STATES = {
    "waiting": N_("Waiting for its turn"),
    "building": N_("Being put together"),
    "ready": N_("Ready to download"),
    "expired": N_("Deleted again: ask for a new one"),
}
