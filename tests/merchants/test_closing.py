"""A shop leaves: thirty days' notice on its page, then it closes by itself; what was sold is carried on."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from deadlines.models import Deadline
from deadlines.sweep import sweep
from kernel.errors import IllegalMove
from merchants import closing
from merchants.capabilities import Capability
from merchants.models import Merchant, MerchantMove
from tests.builders.orders import an_order, drain
from tests.builders.people import a_member
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)
# Thirty days after the twelfth end on a Saturday, so with the Monday after it in China.
CLOSES = datetime(2026, 12, 14, 16, 0, tzinfo=UTC)


@pytest.fixture
def shop():
    return a_merchant()


def now(shop):
    return Merchant.objects.get(pk=shop.pk)


def test_the_owner_announces_it_and_buyers_read_it(shop, at, client):
    at(AT)
    owner, clerk = a_member(shop), a_member(shop, [Capability.ORDERS])
    page = reverse("merchants:closing", args=[shop.slug])
    assert clerk.client.post(page).status_code == 404
    assert owner.client.post(page).status_code == 303
    assert now(shop).closing_at == CLOSES
    clock = Deadline.objects.get(kind="merchants.exit")
    assert (clock.rule_id, clock.owner, clock.due_at) == ("cn.merchant.exit_notice", "merchant", CLOSES)
    assert "2026" in client.get(f"/shop/{shop.slug}/").content.decode()
    assert owner.client.post(page).status_code == 409
    assert owner.client.post(page, {"withdraw": "1"}).status_code == 303
    assert (now(shop).closing_at, Deadline.objects.get(kind="merchants.exit").state) == (None, "cancelled")
    assert owner.client.post(page, {"withdraw": "1"}).status_code == 409


def test_at_its_end_the_shop_closes_and_its_orders_go_on(shop, platform_at):
    listing, owner = a_listing(merchant=shop), a_member(shop)
    order = an_order(listing=listing)
    closing.announce(merchant_id=shop.pk, actor=owner.actor, at=AT)
    platform_at(CLOSES)
    Deadline.objects.exclude(kind="merchants.exit").update(state="cancelled", ended_at=CLOSES)
    sweep()
    drain(at=CLOSES)
    merchant = now(shop)
    assert (merchant.state, merchant.closed_at, merchant.closing_at) == ("closed", CLOSES, None)
    assert MerchantMove.objects.get(merchant=shop, name="close").reason == closing.AT_ITS_OWN_WISH
    page = reverse("orders:merchant-order", args=[shop.slug, order.number])
    assert owner.client.get(page).status_code == 200


def test_is_refused_twice_and_to_a_closed_shop(shop):
    owner = a_member(shop)
    closing.announce(merchant_id=shop.pk, actor=owner.actor, at=AT)
    with pytest.raises(closing.ClosingAlready):
        closing.announce(merchant_id=shop.pk, actor=owner.actor, at=AT)
    closing.on_exit_due(reference=shop.pk, due_at=CLOSES, at=CLOSES)
    with pytest.raises(IllegalMove):
        closing.announce(merchant_id=shop.pk, actor=owner.actor, at=CLOSES)


def test_a_closed_shop_announces_nothing_by_sql_either(shop):
    owner = a_member(shop)
    closing.announce(merchant_id=shop.pk, actor=owner.actor, at=AT)
    closing.on_exit_due(reference=shop.pk, due_at=CLOSES, at=CLOSES)
    with pytest.raises(DatabaseError, match="merchant_closing_is_still_there"), transaction.atomic():
        connection.cursor().execute("UPDATE merchants_merchant SET closing_at = now()")
