"""Letters that this app sends; texts in templates/letters/merchants/."""

from notifications.kinds import LetterKind

SAMPLE = {"shop": "山止工坊", "path": "/merchant/shan-zhi/"}

KINDS = (
    LetterKind("merchants.application_approved", sample=SAMPLE),
    LetterKind("merchants.application_refused", sample=SAMPLE),
)
