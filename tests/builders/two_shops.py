"""Two shops side by side, each with everything a shop can have; one buyer is a customer of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import tokens
from accounts.models import ApiToken
from accounts.token_scopes import OF_A_PERSON, OF_A_SHOP
from catalog import drafting, pictures, submitting
from catalog.importing import runs, working
from catalog.models import Certificate, FreightTemplate, ImportRun, Picture, Placement, ShopPromise, ShopSet
from complaints import saying
from complaints.lifecycle import Seat
from complaints.models import Complaint
from credit import grading, reviews
from credit.models import Review
from kernel import clock
from kernel.actor import Actor
from merchants import applying, members
from merchants.models import (
    Appeal,
    Application,
    Inspection,
    Invitation,
    Membership,
    Merchant,
    Penalty,
)
from notifications.models import Letter
from orders import cancellation
from orders.models import Order, Promotion, Return
from payments.models import Payment
from tests.builders import labels, shop_papers
from tests.builders.appeals import an_appeal
from tests.builders.cases import a_complaint_to_decide, a_ruling, an_answered_complaint, rule
from tests.builders.freight import a_template
from tests.builders.inspections import an_inspection
from tests.builders.orders import a_return, an_order, drain
from tests.builders.papers import a_document
from tests.builders.penalties import a_penalty
from tests.builders.people import Person, a_buyer, a_member, an_email
from tests.builders.photos import photo
from tests.builders.pickup import a_pickup
from tests.builders.placements import a_placement
from tests.builders.promotions import a_coupon
from tests.builders.reviews import a_review
from tests.builders.sets import a_set, teaware
from tests.builders.shops import a_listing, a_merchant
from tests.builders.vouchers import a_booked_service
from tests.privacy.pictures import a_jpeg_upload

DELIVERED = datetime(2026, 11, 6, 4, 0, tzinfo=UTC)
NOW = DELIVERED + timedelta(days=4)


@dataclass(frozen=True)
class Shop:
    merchant: Merchant
    owner: Person
    buyer: Person
    listing: Any
    draft: Any
    order: Order
    returning: Return
    case: Complaint
    review: Review
    # What one person or one link has, by (namespace, parameter) of its address, where a test makes it.
    few: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def delivered(self) -> Order:
        """One that was delivered and nobody complained about."""
        return self.returning.order

    @property
    def payment_number(self) -> str:
        return Payment.objects.get(pk=self.order.payment_id).number

    @property
    def parcel(self) -> str:
        return self.delivered.shipments.filter(returning=None).get().tracking_number

    @property
    def letter(self) -> UUID | None:
        found = Letter.objects.filter(subject_id=self.buyer.subject_id).first()
        return found.pk if found else None

    @property
    def application(self) -> UUID:
        """The buyer thinks of selling, too."""
        return Application.objects.get(applicant_id=self.buyer.subject_id).pk

    @property
    def token(self) -> UUID:
        return ApiToken.objects.get(merchant_id=self.merchant.pk).pk

    @property
    def invitation(self) -> Invitation:
        return Invitation.objects.get(merchant=self.merchant)

    @property
    def penalty(self) -> Penalty:
        return Penalty.objects.get(merchant=self.merchant)

    @property
    def inspection(self) -> Inspection:
        return Inspection.objects.get(merchant=self.merchant)

    @property
    def appeal(self) -> Appeal:
        return Appeal.objects.get(merchant=self.merchant)

    @property
    def own_token(self) -> UUID:
        return ApiToken.objects.get(subject_id=self.buyer.subject_id).pk

    @property
    def picture(self) -> Picture:
        return Picture.objects.of_merchant(self.merchant.pk).get()

    @property
    def file(self) -> ImportRun:
        """The one that waits for its columns."""
        return ImportRun.objects.of_merchant(self.merchant.pk).latest("received_at", "id")

    @property
    def promotion(self) -> Promotion:
        return Promotion.objects.get(merchant=self.merchant)

    @property
    def promise(self) -> ShopPromise:
        return ShopPromise.objects.get(merchant=self.merchant)

    @property
    def placement(self) -> Placement:
        return Placement.objects.get(merchant=self.merchant)

    @property
    def freight_template(self) -> FreightTemplate:
        return FreightTemplate.objects.get(merchant=self.merchant)

    @property
    def shop_set(self) -> ShopSet:
        return ShopSet.objects.get(merchant=self.merchant)

    @property
    def certificate(self) -> Certificate:
        return Certificate.objects.get(merchant=self.merchant)

    @property
    def slug(self) -> str:
        return self.merchant.slug

    @property
    def words(self) -> list[str]:
        """What a page of another shop must never show."""
        return [
            self.order.number, self.returning.number, self.case.number, self.listing.code,
            self.draft.code, str(self.order.pk), str(self.case.pk), self.merchant.legal_name,
        ]  # fmt: skip


def two_shops() -> tuple[Shop, Shop, Person]:
    """Both shops and the buyer whom they share."""
    both = a_buyer("林未")
    ours, theirs = a_full_shop(both), a_full_shop(both)
    shop_papers.a_changed_category(ours.merchant, theirs.merchant, at=NOW)
    shop_papers.papers_missing(at=NOW)
    shop_papers.a_petty_trader(at=NOW)
    return ours, theirs, both


def a_full_shop(both: Person) -> Shop:
    merchant, buyer = a_merchant(), a_buyer("甲")
    owner = a_member(merchant)
    listing = a_listing(merchant=merchant, stock=50, code=f"C-{merchant.slug}"[:40])
    draft = a_listing(merchant=merchant, live=False, code=f"D-{merchant.slug}"[:40])
    bought: dict[str, Any] = {"listing": listing, "subject_id": buyer.subject_id}
    paid = an_order(**bought)
    an_order(listing=listing, subject_id=both.subject_id)
    _cancelled(an_order(**bought))
    delivered = [an_order(**bought, delivered_at=DELIVERED) for _ in range(5)]
    returning = a_return(delivered[0], at=DELIVERED + timedelta(days=1))
    case = an_answered_complaint(order=delivered[1])
    _with_exhibit(case, buyer)
    review = a_review(order=delivered[2])
    shop_papers.aftercare.a_claim(delivered[2], at=NOW, photo=True)
    _noted(review, owner)
    _decided(delivered[3])
    labels.fetched(labels.faulty(delivered[4]))
    a_document(merchant=merchant, at=NOW)
    applying.start(applicant_id=buyer.subject_id, kind="company", actor=buyer.actor, at=NOW)
    grading.recalculate(merchant_id=merchant.pk, actor=Actor.system(), at=NOW)
    drain(at=NOW)
    shop = Shop(merchant, owner, buyer, listing, draft, paid, returning, case, review)
    _at_work(shop)
    _with_tokens(shop)
    pictures.add(merchant_id=merchant.pk, upload=photo(), actor=owner.actor, at=NOW)
    shop_papers.a_file_tried(merchant, owner, at=NOW)
    _with_a_file(shop)
    _with_papers(shop)
    [each(merchant, at=NOW) for each in (shop_papers.a_reduced_offer, an_appeal, a_penalty)]
    an_inspection(merchant, at=NOW, found=True, evidence=True)
    mine = Membership.objects.get(merchant=merchant, subject_id=owner.subject_id)
    members.invite(owner=mine, contact=an_email(), capabilities=["read"], at=NOW)
    _handed_in(shop)
    return shop


def _with_papers(shop: Shop) -> None:
    a_template(shop.merchant, at=NOW)
    a_set(*teaware(shop.merchant), at=NOW)
    shop_papers.an_evaluation(shop.listing, at=NOW)
    shop_papers.a_bulk_change(shop.draft, shop.owner, at=NOW)
    a_placement(shop.listing, at=NOW)
    shop_papers.a_kept_promise(shop.merchant, shop.buyer)
    for paper in shop_papers.OF_A_SHOP:
        paper(shop.merchant, at=NOW)
    shop_papers.a_disputed_fen(shop.review.order, at=NOW)
    a_coupon(shop.merchant, shop.buyer.subject_id, at=NOW, from_minor=2, off_minor=1)
    shop_papers.written_about(shop.order, at=NOW)
    a_pickup(shop.listing, subject_id=shop.buyer.subject_id, ready=True, at=NOW)
    a_booked_service(shop.merchant, subject_id=shop.buyer.subject_id, at=NOW)
    an_order(listing=shop.listing, subject_id=shop.buyer.subject_id, paid=False, at=NOW)


def _with_a_file(shop: Shop) -> None:
    """A file of listings that was read and waits for its columns."""
    membership = Membership.objects.get(merchant=shop.merchant, subject_id=shop.owner.subject_id)
    upload = SimpleUploadedFile("上新.csv", "code,标题\nK-1,竹茶盘".encode())
    runs.receive(membership=membership, upload=upload, actor=shop.owner.actor, at=NOW)
    while working.work(at=NOW):
        pass


def _handed_in(shop: Shop) -> None:
    """A change of what is on sale, which waits to be read."""
    changes = {"title": {"zh-hans": "月白釉手作横手急须 480 ml，新釉"}}
    actor = shop.owner.actor
    drafting.edit_draft(listing_id=shop.listing.pk, changes=changes, actor=actor, at=NOW)
    submitting.submit(listing_id=shop.listing.pk, actor=actor, at=NOW)


def _with_tokens(shop: Shop) -> None:
    for person, scopes, merchant_id in (
        (shop.owner, OF_A_SHOP, shop.merchant.pk),
        (shop.buyer, OF_A_PERSON, None),
    ):
        tokens.issue(
            subject_id=person.subject_id,
            scopes=scopes,
            days=30,
            merchant_id=merchant_id,
            actor=person.actor,
            at=NOW,
        )


def _at_work(shop: Shop) -> None:
    """The owner reads an order, which leaves a line, and answers the return, which uses a key."""
    client, order = shop.owner.client, [shop.slug, shop.order.number]
    assert client.get(reverse("orders:merchant-order", args=order)).status_code == 200
    url = reverse("orders:merchant-return-acceptance", args=[shop.slug, shop.returning.number])
    with clock.frozen(NOW):
        answered = client.post(url, {"idempotency_key": f"accept-{shop.slug}"[:60]})
    assert answered.status_code == 409, "a return without reason needs no answer"


def _cancelled(order: Order) -> None:
    at = order.placed_at + timedelta(hours=1)
    cancellation.cancel(order_id=order.pk, actor=Actor.member(order.subject_id, order.merchant_id), at=at)
    drain(at=at)


def _with_exhibit(case: Complaint, buyer: Person) -> None:
    saying.say(
        complaint_id=case.pk,
        seat=Seat.BUYER,
        text="看图",
        uploads=[a_jpeg_upload()],
        actor=buyer.actor,
        at=case.opened_at + timedelta(hours=6),
    )
    drain(at=NOW)


def _decided(order: Order) -> None:
    case = a_complaint_to_decide(order=order)
    rule(case, a_ruling(case), at=case.opened_at + timedelta(days=3))


def _noted(review: Review, owner: Person) -> None:
    reviews.reply(review_id=review.pk, text="谢谢。", actor=owner.actor, at=review.at + timedelta(hours=1))
