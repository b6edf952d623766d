"""Payments for tests: opened, paid and refunded through the use cases, with real signatures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants.models import Merchant
from outbox.models import Message
from payments import capture, statements
from payments.capture import Part
from payments.gateways.protocol import StatementLine
from payments.models import Difference, Dispute, Payment, PointsAccount, PointsLot
from payments.points import granting, lots, rewarding, terms
from payments.points_models import Ground
from payments.sandbox import bank, straight
from payments.sandbox_models import SandboxCharge
from payments.tenders import Tendered
from privacy.subjects import create_subject

OPENED = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system()


def some_points(fen: int, *, owner: UUID | None = None, at: datetime = OPENED) -> str:
    """So many points of `owner` (or somebody), earned with an order; the platform pays for them."""
    owner = owner or create_subject(locale="zh-hans", at=at).pk
    basis = Money(fen * 1000 // terms.permille(at))
    lot = granting.grant(owner_id=owner, reference=new_id(), basis=basis, at=at)
    assert lot is not None and lot.amount == Money(fen)
    return lot.account.account


def some_shop_points(merchant: Merchant, *, points: int = 1_000, at: datetime = OPENED) -> PointsLot:
    """So many points of a shop, earned with an order that was sent in time and questioned by nobody."""
    rate = sum(terms.shop_permille(ground, at) for ground in Ground)
    fee = Money(points * 1000 // rate)
    lot = rewarding.reward(merchant_id=merchant.pk, reference=new_id(), fee=fee, grounds=list(Ground), at=at)
    assert lot is not None and lot.amount == Money(points)
    return lot


def owner_of(account: str) -> UUID | None:
    """Whose points these are; none of a gift card."""
    if not account.startswith(lots.PREFIX):
        return None
    return PointsAccount.objects.get(pk=lots.account_id_of(account)).subject_id


def a_mixed_payment(
    *shares: tuple[int, int], account: str = "", payer: UUID | None = None, at: datetime = OPENED
) -> Payment:
    """Open, for one order per (whole, of it tendered by `account`)."""
    parts = [a_part(whole) for whole, _tendered in shares]
    payer = payer or owner_of(account) or create_subject(locale="zh-hans", at=at).pk
    pairs = zip(parts, shares, strict=True)
    return capture.open_payment(
        payer_subject_id=payer,
        parts=parts,
        tendered=[Tendered(part.reference, account, Money(fen)) for part, (_whole, fen) in pairs if fen],
        expires_at=at + timedelta(minutes=30),
        actor=Actor.buyer(payer),
        at=at,
    )


def a_part(fen: int = 10_000, *, reference: UUID | None = None, currency: str = "CNY") -> Part:
    return Part(reference or new_id(), new_id(), Money(fen, currency))


def a_payment(
    *fen: int, payer: UUID | None = None, at: datetime = OPENED, parts: list[Part] | None = None
) -> Payment:
    """Open, for one order per amount (one of ¥100.00 without any), for 30 minutes."""
    payer = payer or create_subject(locale="zh-hans", at=at).pk
    return capture.open_payment(
        payer_subject_id=payer,
        parts=parts or [a_part(one) for one in fen or (10_000,)],
        expires_at=at + timedelta(minutes=30),
        actor=Actor.buyer(payer),
        at=at,
    )


def an_authorised_payment(*fen: int, at: datetime = OPENED, choice: str = "pay") -> Payment:
    """Reserved at the sandbox one minute later, for one order per amount; nothing is taken."""
    payer = create_subject(locale="zh-hans", at=at).pk
    opened = capture.open_payment(
        payer_subject_id=payer,
        parts=[a_part(one) for one in fen or (10_000,)],
        expires_at=at + timedelta(minutes=30),
        actor=Actor.buyer(payer),
        at=at,
        authorise_first=True,
    )
    return straight.pay(opened.number, at=at + timedelta(minutes=1), choice=choice)


def a_captured_payment(*fen: int, at: datetime = OPENED, choice: str = "pay") -> Payment:
    """Paid at the sandbox provider one minute later."""
    return straight.pay(a_payment(*fen, at=at).number, at=at + timedelta(minutes=1), choice=choice)


def references(payment: Payment) -> list[UUID]:
    """The orders of a payment, in their order."""
    return list(payment.parts.order_by("position").values_list("reference", flat=True))


def published(name: str) -> list[dict[str, object]]:
    """The facts of one kind that payments has handed on so far."""
    found = Message.objects.filter(name=f"payments.{name}").order_by("id")
    return [message.payload for message in found]


def a_difference(fen: int = 10_100, *, at: datetime = OPENED) -> Difference:
    """A charge at the sandbox that our books don't have, found in its statement of the day."""
    key = f"ch_{new_id().hex}"
    held = statements.ask(provider="sandbox", day=at.date(), at=at)
    line = StatementLine("charge", key, Money(fen))
    statements.take_in(statement_id=held.pk, came=b"a day", lines=[line], at=at)
    return Difference.objects.get(key=key)


def a_dispute(payment: Payment, fen: int | None = None, *, at: datetime = OPENED) -> Dispute:
    """Opened at the sandbox's bank, told by its notice, and asked after."""
    charge = SandboxCharge.objects.get(payment_number=payment.number, copy=0)
    made = bank.dispute(charge, fen or charge.amount_minor, at=at)
    straight.run(at=at)
    return Dispute.objects.get(provider_dispute_id=str(made))
