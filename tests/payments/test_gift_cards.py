"""Gift cards: bought within the law's limits, issued, claimed once, given back unused, extended."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.money import Money
from notifications.models import Letter
from payments import accounts, capture, ledger
from payments.gift_card_models import CardKind
from payments.gift_cards import buying, claiming, codes, giving_back, wallet
from payments.invariants import all_offences, settle_constraints
from payments.lifecycle import GiftCardState, RefundState
from payments.models import GiftCard, Payment, Refund
from payments.sandbox import straight
from privacy.subjects import create_subject
from tests.builders.gift_cards import a_card, an_unpaid_card
from tests.builders.money import OPENED, a_dispute, a_part

pytestmark = pytest.mark.django_db
PAID = OPENED + timedelta(minutes=1)
LATER = OPENED + timedelta(days=2)


@pytest.fixture(autouse=True)
def books_hold() -> object:
    yield
    settle_constraints()
    assert all_offences() == []


def somebody() -> UUID:
    return create_subject(locale="zh-hans", at=OPENED).pk


def on(card: GiftCard) -> int:
    return ledger.balance(card.account).minor


def spend(card: GiftCard, fen: int, *, at: datetime = LATER) -> Payment:
    """All of an order of so much is paid from the wallet."""
    assert card.holder_id is not None
    part = a_part(fen)
    return capture.open_payment(
        payer_subject_id=card.holder_id,
        parts=[part],
        tendered=wallet.choose(subject_id=card.holder_id, wanted=Money(fen), parts=[part], at=at),
        expires_at=at + timedelta(minutes=30),
        actor=Actor.buyer(card.holder_id),
        at=at,
    )


class TestBuying:
    def test_money_is_on_the_card_and_in_no_escrow(self) -> None:
        card = a_card(20_000)
        assert (card.state, on(card), card.holder_id) == (GiftCardState.ISSUED, 20_000, None)
        assert ledger.balance(accounts.escrow(card.pk)).minor == 0
        assert wallet.owed() == Money(20_000)
        letter = Letter.objects.get(subject_id=card.buyer_id)
        assert letter.kind == "payments.gift_card_issued"

    @pytest.mark.parametrize(
        ("kind", "fen", "fits"),
        [
            ("bearer", 100_000, True),
            ("bearer", 100_001, False),
            ("named", 500_000, True),
            ("named", 500_001, False),
            ("named", 0, False),
            ("bearer", -5, False),
        ],
    )
    def test_within_the_law(self, kind: str, fen: int, fits: bool) -> None:
        if fits:
            assert an_unpaid_card(fen, kind=CardKind(kind)).value_minor == fen
            return
        with pytest.raises(buying.CardValueUnfit):
            an_unpaid_card(fen, kind=CardKind(kind))
        assert not Payment.objects.exists() and not GiftCard.objects.exists()

    def test_ends_by_the_law_only_without_a_name(self) -> None:
        assert a_card(kind=CardKind.NAMED).valid_until is None
        bearer = a_card()
        assert bearer.valid_until is not None and bearer.issued_at is not None
        assert bearer.valid_until > bearer.issued_at.replace(year=bearer.issued_at.year + 3)

    def test_lapses_unpaid_and_is_issued_if_money_comes_late(self) -> None:
        card = an_unpaid_card()
        for _twice in range(2):
            buying.on_payment_due(reference=card.pk, due_at=PAID, at=card.payment.expires_at)
        card.refresh_from_db()
        assert card.state == GiftCardState.LAPSED
        with pytest.raises(NotFound):
            claiming.make_code(card_id=card.pk, actor=Actor.buyer(card.buyer_id), at=PAID)

    def test_nobody_buys_one(self) -> None:
        with pytest.raises(NotFound):
            buying.buy(kind=CardKind.BEARER, value=Money(5), actor=Actor.system(), at=OPENED)


class TestClaiming:
    def test_takes_it_for_good_and_tells_the_buyer(self) -> None:
        holder = somebody()
        card = a_card(holder=holder)
        assert (card.holder_id, card.digest) == (holder, None)
        assert [held.balance for held in wallet.cards_of(holder)] == [Money(20_000)]
        assert Letter.objects.filter(subject_id=card.buyer_id, kind="payments.gift_card_claimed").count() == 1

    def test_however_it_is_typed(self) -> None:
        card = a_card()
        code = claiming.make_code(card_id=card.pk, actor=Actor.buyer(card.buyer_id), at=PAID)
        typed = f" {codes.shown(code).lower().replace('0', 'o').replace('1', 'l')} "
        assert claiming.claim(text=typed, actor=Actor.buyer(somebody()), at=PAID).pk == card.pk

    def test_only_a_digest_is_kept(self) -> None:
        card = a_card()
        code = claiming.make_code(card_id=card.pk, actor=Actor.buyer(card.buyer_id), at=PAID)
        card.refresh_from_db()
        assert bytes(card.digest or b"") == codes.digest(code)
        assert code not in str(GiftCard.objects.values().get())
        assert not Letter.objects.filter(params__icontains=code).exists()

    def test_wrong_used_and_replaced_codes_are_refused_alike(self) -> None:
        card = a_card()
        buyer = Actor.buyer(card.buyer_id)
        replaced = claiming.make_code(card_id=card.pk, actor=buyer, at=PAID)
        used = claiming.make_code(card_id=card.pk, actor=buyer, at=PAID)
        claiming.claim(text=used, actor=Actor.buyer(somebody()), at=PAID)
        said = set()
        for text in (replaced, used, codes.fresh(), "", "x" * 500):
            with pytest.raises(claiming.CodeUnfit) as refusal:
                claiming.claim(text=text, actor=Actor.buyer(somebody()), at=PAID)
            said.add((refusal.value.code, str(refusal.value)))
        assert len(said) == 1

    def test_the_code_is_for_the_buyer_alone(self) -> None:
        card = a_card()
        with pytest.raises(NotFound):
            claiming.make_code(card_id=card.pk, actor=Actor.buyer(somebody()), at=PAID)

    def test_a_claimed_card_has_no_code_any_more(self) -> None:
        card = a_card(holder=somebody())
        with pytest.raises(claiming.CodeGone):
            claiming.make_code(card_id=card.pk, actor=Actor.buyer(card.buyer_id), at=PAID)

    def test_the_buyer_may_keep_it(self) -> None:
        card = a_card()
        claiming.keep(card_id=card.pk, actor=Actor.buyer(card.buyer_id), at=PAID)
        assert [held.card.pk for held in wallet.cards_of(card.buyer_id)] == [card.pk]


class TestGivingBack:
    def test_unused_goes_back_whole(self) -> None:
        card = a_card()
        giving_back.give_back(card_id=card.pk, actor=Actor.buyer(card.buyer_id), at=LATER)
        straight.run(at=LATER)
        card.refresh_from_db()
        assert (card.state, on(card)) == (GiftCardState.GIVEN_BACK, 0)
        assert (Refund.objects.get().amount, Refund.objects.get().state) == (card.value, RefundState.PAID)

    def test_not_after_the_law_s_days(self) -> None:
        card = a_card()
        assert card.return_until is not None
        assert giving_back.may_give_back(card, at=card.return_until - timedelta(seconds=1))
        with pytest.raises(giving_back.CardReturnOver):
            giving_back.give_back(card_id=card.pk, actor=Actor.buyer(card.buyer_id), at=card.return_until)
        assert on(card) == 20_000

    def test_not_once_it_was_spent_from(self) -> None:
        buyer = somebody()
        card = a_card(buyer=buyer, holder=buyer)
        spend(card, 5)
        with pytest.raises(giving_back.CardUsed):
            giving_back.give_back(card_id=card.pk, actor=Actor.buyer(buyer), at=LATER)
        assert not Refund.objects.exists()

    def test_not_out_of_somebody_else_s_wallet(self) -> None:
        card = a_card(holder=somebody())
        with pytest.raises(giving_back.CardUsed):
            giving_back.give_back(card_id=card.pk, actor=Actor.buyer(card.buyer_id), at=LATER)
        assert on(card) == 20_000

    def test_a_dispute_of_the_purchase_takes_what_is_left(self) -> None:
        buyer = somebody()
        card = a_card(buyer=buyer, holder=buyer)
        spend(card, 15_000)
        dispute = a_dispute(card.payment, at=LATER)
        assert (on(card), ledger.balance(accounts.dispute(dispute.pk)).minor) == (0, 5_000)


class TestWallet:
    def test_cards_that_end_first_pay_first(self) -> None:
        holder = somebody()
        for_ever = a_card(10_000, holder=holder, kind=CardKind.NAMED)
        ending = a_card(10_000, holder=holder)
        spend(ending, 12_000)
        assert (on(ending), on(for_ever)) == (0, 8_000)

    def test_every_movement_with_its_running_sum(self) -> None:
        card = a_card(10_000, holder=somebody())
        payment = spend(card, 4_000)
        found = [(row.words, row.amount.minor, row.after.minor) for row in wallet.movements(card)]
        assert found == [("Put aside for an order", -4_000, 6_000), ("Bought and paid", 10_000, 10_000)]
        assert payment.state == "captured"

    def test_an_ended_card_pays_nothing_until_it_is_extended(self) -> None:
        card = a_card(10_000, holder=somebody())
        assert card.valid_until is not None and card.holder_id is not None
        over, actor = card.valid_until, Actor.buyer(card.holder_id)
        with pytest.raises(giving_back.CardNotOver):
            giving_back.extend(card_id=card.pk, actor=actor, at=over - timedelta(seconds=1))
        assert wallet.spendable(card.holder_id, at=over) == []
        card = giving_back.extend(card_id=card.pk, actor=actor, at=over)
        assert card.valid_until is not None and card.valid_until > over
        assert [held.balance for held in wallet.spendable(actor.subject_id or new_id(), at=over)] == [
            card.value
        ]
