"""Letters that this app sends; texts in templates/letters/merchants/."""

from datetime import UTC, date, datetime

from notifications.kinds import LetterKind

SAMPLE = {"shop": "山止工坊", "path": "/merchant/shan-zhi/"}

KINDS = (
    LetterKind("merchants.application_approved", sample=SAMPLE),
    LetterKind("merchants.application_refused", sample=SAMPLE),
    LetterKind("merchants.application_sent_back", sample=SAMPLE),
    LetterKind("merchants.identity_disagrees", sample=SAMPLE),
    LetterKind("merchants.compare_by_hand", sample=SAMPLE),
    LetterKind("merchants.identity_change_refused", sample=SAMPLE),
    LetterKind("merchants.identity_restricted", sample=SAMPLE),
    LetterKind("merchants.private_near", sample=SAMPLE),
    LetterKind("merchants.private_trades", sample=SAMPLE),
    LetterKind("merchants.petty_near", sample=SAMPLE),
    LetterKind("merchants.petty_above", sample=SAMPLE),
    LetterKind("merchants.petty_restricted", sample=SAMPLE),
    LetterKind("merchants.document_refused", sample=SAMPLE),
    LetterKind("merchants.document_expired", sample=SAMPLE),
    LetterKind("merchants.document_ending", sample={**SAMPLE, "until": date(2027, 1, 20)}),
    LetterKind("merchants.review_overdue", sample=SAMPLE),
    LetterKind("merchants.member_joined", sample=SAMPLE),
    LetterKind("merchants.member_changed", sample=SAMPLE),
    LetterKind("merchants.member_removed", sample=SAMPLE),
    LetterKind("merchants.training_ended", sample={"path": "/merchant/training/seller/"}),
    LetterKind("merchants.closing_announced", sample=SAMPLE),
    LetterKind("merchants.closing_withdrawn", sample=SAMPLE),
    LetterKind(
        "merchants.payout_account_changed",
        sample={**SAMPLE, "bank": "示例银行", "until": datetime(2026, 11, 24, 16, 0, tzinfo=UTC)},
    ),
    LetterKind("merchants.webhook_failing", sample=SAMPLE),
    LetterKind("merchants.webhook_member_left", sample=SAMPLE),
)
