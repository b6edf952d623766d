"""A repair and an exchange over HTTP, from the order's page to sound goods; bad input at its field."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from kernel import clock
from orders.models import FaultClaim
from tests.builders.aftercare import FAULT, a_claim
from tests.builders.orders import an_order, drain
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing
from tests.journeys import shopping
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


@pytest.fixture
def people():  # type: ignore[no-untyped-def]
    """A delivered order of a kettle, its buyer, and somebody who acts for the shop."""
    buyer = a_buyer()
    listing = a_listing(category="electronics")
    order = an_order(listing=listing, subject_id=buyer.subject_id, delivered_at=DELIVERED)
    return order, buyer.client, a_member(order.merchant).client


def said(words: str) -> str:
    with translation.override("zh-hans"):
        return translation.gettext(words)


def asked(order, client, **changes):  # type: ignore[no-untyped-def]
    told = {"quantity": "1", "remedy": "exchange", "fault": FAULT, "idempotency_key": shopping.key()}
    address = reverse("orders:claims", args=[order.number, order.lines.get().pk])
    return client.post(address, {**told, **changes})


def press(client, name: str, *args: str, at: datetime, **told: str) -> None:  # type: ignore[no-untyped-def]
    with clock.frozen(at):
        answer = client.post(
            reverse(f"orders:{name}", args=args), {"idempotency_key": shopping.key(), **told}
        )
        assert answer.status_code == 303, (name, answer.status_code)
        drain(at=at)


def test_an_exchange_from_the_orders_page_to_the_other_piece(people) -> None:  # type: ignore[no-untyped-def]
    order, buyer, shop = people
    slug = order.merchant.slug
    with clock.frozen(DELIVERED):
        page = buyer.get(reverse("orders:order", args=[order.number])).content.decode()
        new = reverse("orders:claim-new", args=[order.number, order.lines.get().pk])
        assert new in page and "到 2027-11-09" in page
        offer = buyer.get(new).content.decode()
        # Each remedy with its rule and who pays, before anything is asked for.
        assert (
            "/rules/cn.three_guarantees.exchange" in offer
            and said("The merchant pays the return postage.") in offer
        )
        assert reverse("orders:return", args=[order.number]) in offer
        assert asked(order, buyer, files=a_jpeg_upload()).status_code == 303
        drain(at=DELIVERED)
    claim = FaultClaim.objects.get()
    day = DELIVERED + timedelta(days=1)
    with clock.frozen(day):
        seen = shop.get(reverse("orders:merchant-claim", args=[slug, claim.number])).content.decode()
        assert FAULT in seen
        assert claim.number in shop.get(reverse("orders:merchant-claims", args=[slug])).content.decode()
        photo = claim.photos.get()
        for client, name, args in (
            (buyer, "claim-photo", [claim.number, photo.pk]),
            (shop, "merchant-claim-photo", [slug, claim.number, photo.pk]),
        ):
            assert client.get(reverse(f"orders:{name}", args=args))["Content-Type"] == "image/webp"
    press(shop, "merchant-claim-acceptance", slug, claim.number, at=day)
    press(buyer, "claim-parcel", claim.number, at=day, tracking_number="SF7000000001")
    press(shop, "merchant-claim-receipt", slug, claim.number, at=day + timedelta(days=1))
    press(shop, "merchant-claim-work", slug, claim.number, at=day + timedelta(days=1, hours=1))
    with clock.frozen(day + timedelta(days=2)):
        seen = shop.get(reverse("orders:merchant-claim", args=[slug, claim.number])).content.decode()
        assert order.address in seen
    press(
        shop,
        "merchant-claim-parcel",
        slug,
        claim.number,
        at=day + timedelta(days=2),
        tracking_number="SF7000000002",
    )
    press(buyer, "claim-receipt", claim.number, at=day + timedelta(days=3))
    with clock.frozen(day + timedelta(days=4)):
        page = buyer.get(reverse("orders:order", args=[order.number])).content.decode()
        assert "换货后重新计算" in page
        assert buyer.get(reverse("orders:claim-page", args=[claim.number])).status_code == 200
    claim.refresh_from_db()
    assert claim.state == "done"


def test_a_repair_that_takes_too_long_is_demanded_as_an_exchange(people) -> None:  # type: ignore[no-untyped-def]
    order, buyer, shop = people
    claim = a_claim(order, at=DELIVERED, state="in_hand", remedy="repair")
    FaultClaim.objects.filter(pk=claim.pk).update(overdue_at=DELIVERED + timedelta(days=40))
    late = DELIVERED + timedelta(days=41)
    with clock.frozen(late):
        page = buyer.get(reverse("orders:claim-page", args=[claim.number])).content.decode()
        assert reverse("orders:claim-exchange", args=[claim.number]) in page
    press(buyer, "claim-exchange", claim.number, at=late)
    press(shop, "merchant-claim-refund", order.merchant.slug, claim.number, at=late)
    claim.refresh_from_db()
    assert claim.state == "refunded"


def test_refusing_and_withdrawing(people) -> None:  # type: ignore[no-untyped-def]
    order, buyer, shop = people
    claim = a_claim(order, at=DELIVERED)
    refusal = reverse("orders:merchant-claim-refusal", args=[order.merchant.slug, claim.number])
    with clock.frozen(DELIVERED):
        told = {"idempotency_key": shopping.key(), "reason": ""}
        assert shop.post(refusal, told).status_code == 422
    press(shop, "merchant-claim-refusal", order.merchant.slug, claim.number, at=DELIVERED, reason="人为进水")
    with clock.frozen(DELIVERED):
        assert "人为进水" in buyer.get(reverse("orders:claim-page", args=[claim.number])).content.decode()
    press(buyer, "claim-withdrawal", claim.number, at=DELIVERED)
    claim.refresh_from_db()
    assert claim.state == "closed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": "0"},
        {"quantity": "9"},
        {"quantity": "x"},
        {"remedy": "refund"},
        {"remedy": ""},
        {"fault": ""},
        {"fault": "坏" * 501},
    ],
    ids=["none", "too-many", "no-number", "not-a-fix", "nothing", "no-words", "too-long"],
)
def test_bad_input_is_said_at_its_field_and_writes_nothing(people, wrong: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    order, buyer, _shop = people
    with clock.frozen(DELIVERED):
        answer = asked(order, buyer, **wrong)
    assert answer.status_code == 422
    assert 'class="err"' in answer.content.decode()
    assert not FaultClaim.objects.exists()


def test_seven_photos_are_one_too_many(people) -> None:  # type: ignore[no-untyped-def]
    order, buyer, _shop = people
    with clock.frozen(DELIVERED):
        answer = asked(order, buyer, files=[a_jpeg_upload() for _ in range(7)])
    assert answer.status_code == 422
    assert not FaultClaim.objects.exists()


def test_the_same_form_twice_is_one_claim(people) -> None:  # type: ignore[no-untyped-def]
    order, buyer, _shop = people
    with clock.frozen(DELIVERED):
        key = shopping.key()
        assert [asked(order, buyer, idempotency_key=key).status_code for _ in range(2)] == [303, 303]
    assert FaultClaim.objects.count() == 1
