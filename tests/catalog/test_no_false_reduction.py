"""No history of prices and deals lets a price stand crossed out above what the law permits."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import deals, publishing, reductions
from catalog.models import Deal, Reduction
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.money import Money
from tests.builders.prices import a_claim, a_deal, published
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
BEGUN = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
PRICE = st.integers(1, 40).map(lambda yuan: yuan * 100)
STEP = st.one_of(
    st.tuples(st.just("sell"), st.just(0), st.just(0)),
    st.tuples(st.just("sell dearer"), PRICE, st.just(0)),
    st.tuples(st.just("cancel"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("ask"), PRICE, st.just(0)),
    st.tuples(st.just("claim"), PRICE, PRICE),
    st.tuples(st.just("withdraw"), st.just(0), st.just(0)),
    st.tuples(st.just("sweep"), st.just(0), st.just(0)),
)


def step(listing, kind, first, second, at):
    match kind:
        case "sell":
            listing.refresh_from_db()
            a_deal(listing, Money(listing.live_revision.price_minor).decimal_text, at=at)
        case "sell dearer":
            a_deal(listing, Money(first).decimal_text, at=at)
        case "cancel":
            standing = list(Deal.objects.filter(void=None).order_by("at")[first : first + 1])
            deals.void([deal.reference for deal in standing], cause="cancelled", at=at)
        case "ask":
            published(listing, at=at, price_minor=first)
        case "claim":
            until = (at + timedelta(days=3)).date().isoformat()
            claim = a_claim(Money(first).decimal_text, until=until)
            published(listing, at=at, price_minor=second, reduction=claim)
        case "withdraw":
            publishing.withdraw(listing_id=listing.pk, actor=Actor.system(), at=at)
        case "sweep":
            reductions.sweep(at=at)


def check(at):
    """Worked out from the rows alone, in other words than the law's module."""
    for row in Reduction.objects.running_at(at):
        start = row.looks_until
        standing = Deal.objects.filter(void=None, at__lt=start).order_by("at")
        week = [deal.price_minor for deal in standing if deal.at >= start - timedelta(days=7)]
        last = [deal.price_minor for deal in standing][-1:]
        assert row.price_minor < row.was_minor <= min(week or last)
        assert row.starts_at <= at < row.ends_at


@settings(max_examples=25)
@given(steps=st.lists(st.tuples(STEP, st.integers(1, 200)), min_size=3, max_size=14))
def test_whatever_happens_what_is_crossed_out_was_really_paid(steps):
    with transaction.atomic():
        listing, at = a_listing(price="20.00"), BEGUN
        for (kind, first, second), hours in steps:
            at += timedelta(hours=hours)
            with suppress(DomainError), transaction.atomic():
                step(listing, kind, first, second, at)
            check(at)
        transaction.set_rollback(True)
