"""Letters about the account itself."""

from notifications.kinds import LetterKind

KINDS = (LetterKind("accounts.password_changed", sample={"path": "/account/"}),)
