"""What this app holds about people, for the privacy inventory: pseudonyms beside sums."""

from __future__ import annotations

from kernel.errors import N_
from privacy.classification import (
    AtErasure,
    Basis,
    Keeping,
    PersonalField,
    Purpose,
    SeenBy,
    Sensitivity,
)


def _acted(column: str, by: str = "actor") -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.PAYMENT,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        subject=f"{by}__endswith",
        why="a pseudonym of who moved money: the books must stay whole; without the key it leads to nobody",
    )


FIELDS: tuple[PersonalField, ...] = (
    PersonalField(
        "payments.Payment.payer_subject",
        Sensitivity.PAYMENT,
        Purpose.PAYMENT,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.KEEP,
        Keeping("cn.payment.retention", since="captured_at", owed="captured_at"),
        subject="payer_subject_id",
        why="a pseudonym beside a sum: no card, no bank account and no name is ever stored here",
    ),
    *(
        PersonalField(
            f"payments.GiftCard.{whose}",
            Sensitivity.PAYMENT,
            Purpose.PAYMENT,
            Basis.LEGAL_DUTY,
            (SeenBy.OFFICER,),
            AtErasure.STAYS,
            subject=f"{whose}_id",
            why="a pseudonym beside a sum that the platform owes; without the key it leads to nobody",
        )
        for whose in ("buyer", "holder")
    ),
    PersonalField(
        "payments.PointsAccount.subject",
        Sensitivity.PAYMENT,
        Purpose.PAYMENT,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        subject="subject_id",
        why="a pseudonym beside a sum of the books, which is nothing from then on; no key leads to anybody",
    ),
    PersonalField(
        "payments.Award.subject",
        Sensitivity.PAYMENT,
        Purpose.PAYMENT,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        subject="subject_id",
        why="a pseudonym beside a sum that a shop owed by a rule; without the key it leads to nobody",
    ),
    _acted("payments.LedgerEntry.actor"),
    _acted("payments.Move.actor"),
    PersonalField(
        "payments.ProviderStatement.subject",
        Sensitivity.PAYMENT,
        Purpose.PAYMENT,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        why="no person: the owner of the key under which a provider's file of the day is sealed",
    ),
    PersonalField(
        "payments.Dispute.subject",
        Sensitivity.PAYMENT,
        Purpose.PAYMENT,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        why="a pseudonym of who paid, beside a sum; without the key it leads to nobody",
    ),
    PersonalField(
        "payments.Dispute.evidence",
        Sensitivity.PAYMENT,
        Purpose.PAYMENT,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.SHRED,
    ),
    _acted("payments.Dispute.answered_by", "answered_by"),
    _acted("payments.Difference.assigned_to", "assigned_to"),
    _acted("payments.Difference.ended_by", "ended_by"),
)
_CODE = "a code of ours"
_PROVIDER = "the provider's own number"
NOT_PERSONAL: dict[str, str] = {
    "payments.Payment.number": "a number of ours",
    "payments.*.provider": "the name of a provider",
    "payments.*.currency": "a currency",
    "payments.*.state": _CODE,
    "payments.*.purpose": _CODE,
    "payments.*.kind": _CODE,
    "payments.Charge.provider_charge_id": _PROVIDER,
    "payments.Move.aggregate": _CODE,
    "payments.Move.name": "the name of a move",
    "payments.*.from_state": _CODE,
    "payments.*.to_state": _CODE,
    "payments.GiftCard.digest": "the keyed digest of a random code",
    "payments.GiftCard.pack_version": "a version of the law",
    "payments.PointsLot.grounds": _CODE,
    "payments.Tender.account": "an account of the books: a gift card or points",
    "payments.Posting.account": "an account of the books, named after an order or a shop",
    "payments.*.idempotency_key": "made from the row that asks",
    "payments.*.last_answer": "a status, never a body",
    "payments.ProviderNotice.event_id": _PROVIDER,
    "payments.ProviderNotice.body": "numbers, sums and instants: a notice with anything else is refused",
    "payments.ProviderNotice.digest": "a digest of the notice's bytes",
    "payments.ProviderNotice.reason": _CODE,
    "payments.*.trade_number": "a number of ours",
    "payments.Authorisation.reference": _PROVIDER,
    "payments.Attempt.url": "the provider's page for one sum, without a name",
    "payments.Attempt.code": "the provider's page for one sum, to scan",
    "payments.Attempt.reference": _PROVIDER,
    "payments.Attempt.refusal": "the provider's code",
    "payments.ProviderStatement.sha256": "the digest of a file",
    "payments.ProviderStatement.file": "a provider's file of the day, sealed",
    "payments.StatementRow.key": _PROVIDER,
    "payments.Difference.what": _CODE,
    "payments.Difference.key": _PROVIDER,
    "payments.Difference.detail": _CODE,
    "payments.Difference.reason": "why a provider's books and ours differ",
    "payments.Dispute.provider_dispute_id": _PROVIDER,
    "payments.Dispute.cause": "the provider's code",
    "payments.BookCheck.rule": "a rule of the money",
    "payments.*.payment_number": "a number of ours",
    "payments.Payout.hold": _CODE,
    "payments.Payout.reason": "the provider's code",
    "payments.Award.cause": _CODE,
    "payments.Award.rule_id": "a rule",
    "payments.Award.reason": "the provider's code",
    "payments.SandboxPayout.reason": "the sandbox's code",
    "payments.SandboxDelivery.body": "what the sandbox provider sends: numbers, sums and instants",
}
# What the person calls it.
WORDS: dict[str, str] = {
    "payments.Dispute.evidence": N_("What we answered to your bank's dispute"),
}
