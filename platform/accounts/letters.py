"""Letters about the account itself."""

from datetime import UTC, datetime

from notifications.kinds import LetterKind

_ALARM = {"role": "Money desk", "moment": datetime(2026, 11, 22, tzinfo=UTC), "path": "/staff/emergencies/"}
STAFF_KINDS = (
    LetterKind("accounts.emergency_opened", sample=_ALARM),
    LetterKind("accounts.emergency_overdue", sample=_ALARM),
)
KINDS = (
    *STAFF_KINDS,
    LetterKind("accounts.password_changed", sample={"path": "/account/"}),
)
