"""Letters about the account itself."""

from datetime import UTC, datetime

from notifications.kinds import LetterKind, Value

_ALARM: dict[str, Value] = {
    "role": "Money desk",
    "moment": datetime(2026, 11, 22, tzinfo=UTC),
    "path": "/staff/emergencies/",
}
_MANDATE: dict[str, Value] = {"until": datetime(2027, 11, 22, tzinfo=UTC), "path": "/mandates/"}
MANDATE_KINDS = (
    LetterKind("accounts.mandate_granted", sample=_MANDATE),
    LetterKind("accounts.mandate_accepted", sample=_MANDATE),
    LetterKind("accounts.mandate_revoked", sample=_MANDATE),
)
_TOKEN = {"prefix": "anx_k3m7q2xz", "path": "/account/tokens/"}
STAFF_KINDS = (
    LetterKind("accounts.emergency_opened", sample=_ALARM),
    LetterKind("accounts.emergency_overdue", sample=_ALARM),
)
AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

KINDS = (
    *STAFF_KINDS,
    *MANDATE_KINDS,
    LetterKind("accounts.password_changed", sample={"path": "/account/"}),
    LetterKind(
        "accounts.new_device",
        sample={"device": "phone", "browser": "chrome", "at": AT, "path": "/account/not-me/x/"},
    ),
    LetterKind("accounts.factor_added", sample={"factor": "totp", "at": AT, "path": "/account/security/"}),
    LetterKind("accounts.factor_removed", sample={"factor": "totp", "at": AT, "path": "/account/security/"}),
    LetterKind(
        "accounts.contact_changed", sample={"contact": "email", "at": AT, "path": "/account/security/"}
    ),
    LetterKind("accounts.frozen", sample={"at": AT, "path": "/account/recovery/"}),
    LetterKind("accounts.recovery_asked", sample={"at": AT, "due": DUE, "path": "/account/recovery/"}),
    LetterKind("accounts.recovered", sample={"at": AT, "path": "/account/recovery/"}),
    LetterKind("accounts.token_made", sample=_TOKEN),
    LetterKind("accounts.token_revoked", sample=_TOKEN),
)
