"""What a shop at work gathers: certificates, tests, a file tried, promises kept, its identity confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import (
    certificates,
    evaluations,
    paper_grace,
    promising,
    schema_changes,
    serial_batches,
    serial_checks,
)
from catalog.bulk import applying
from catalog.bulk.changes import Change
from catalog.importing import runs, working
from catalog.models import Category, CategorySchema, Certificate, ShopPromise
from catalog.proof_kinds import EvaluatorKind, Scheme
from kernel import clock
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants import payout_accounts, petty_trade, rechecking
from merchants.document_kinds import DocumentKind
from merchants.models import Membership, Merchant
from merchants.webhook_topics import OFFERED
from merchants.webhooks import noting, sending, subscribing
from orders.models import Order
from payments import reserve
from payments.models import Payment
from tests.builders import aftercare as aftercare
from tests.builders import money, payouts
from tests.builders.applications import CARD, an_admitted_application
from tests.builders.brands import a_brand_claim
from tests.builders.campaigns import a_goods_campaign, accepted, fees
from tests.builders.covers import a_cover, a_cover_claim
from tests.builders.invoices import an_issued_invoice
from tests.builders.messages import a_report, a_thread, write
from tests.builders.orders import an_order, drain
from tests.builders.papers import DESK
from tests.builders.people import Person, a_buyer
from tests.builders.prices import a_claim, a_deal, published
from tests.builders.shops import a_complete_draft, a_listing
from tests.builders.violations import a_question_to
from tests.privacy.pictures import a_jpeg_upload
from web.outgoing import Answer

# A category in which nothing else of the world stands, so that its change disturbs nobody.
CHANGED = "textiles"


def a_certificate(merchant: Merchant, *, at: datetime) -> Certificate:
    """Of the whole shop, compared by the desk; beside it the proof of a brand."""
    a_brand_claim(merchant, at=at)
    _asked_about_serials(merchant, at=at)
    paper = certificates.Paper(
        scheme=Scheme.ISO9001,
        number=f"ISO-{merchant.slug}",
        issuer="中国质量认证中心",
        file=a_jpeg_upload("iso.jpg"),
        valid_until=date(2028, 6, 30),
    )
    held = certificates.hand_in(merchant_id=merchant.pk, paper=paper, actor=Actor.system(), at=at)
    drain(at=at)
    certificates.verify(certificate_id=held.pk, actor=DESK, at=at)
    return Certificate.objects.get(pk=held.pk)


def _asked_about_serials(merchant: Merchant, *, at: datetime) -> None:
    """An offer that is brand direct, with a code that somebody asked about."""
    stated = {**a_complete_draft("home", title="茶则")["attributes"], "brand": "清川"}
    listing = a_listing(
        merchant=merchant,
        title=f"清川茶则 {merchant.slug}",
        code=f"Q-{merchant.slug}"[:40],
        attributes=stated,
    )
    said = {"merchant_id": merchant.pk, "listing_id": listing.pk, "actor": Actor.system(), "at": at}
    _batch, codes = serial_batches.generate(number=1, **said)
    serial_checks.ask(text=codes[0], network="local", at=at)


def an_evaluation(listing: Any, *, at: datetime) -> None:
    finding = evaluations.Finding(
        evaluator="示例检测中心",
        evaluator_kind=EvaluatorKind.LABORATORY,
        result="铅镉溶出未检出",
        method="GB 31604.34",
        scope="一件样品",
        tested_on=at.date() - timedelta(days=30),
        source_url="https://example.com/report",
    )
    evaluations.enter(listing_id=listing.pk, finding=finding, actor=DESK, at=at)


def a_file_tried(merchant: Merchant, owner: Person, *, at: datetime) -> None:
    """Read and tried to its last row: its report has a line."""
    membership = Membership.objects.get(merchant=merchant, subject_id=owner.subject_id)
    upload = SimpleUploadedFile("试.csv", "code,标题\nT-1,竹茶则".encode())
    run = runs.receive(membership=membership, upload=upload, actor=owner.actor, at=at)
    _worked(at)
    runs.start(
        run_id=run.pk,
        membership=membership,
        columns={"code": "code", "标题": "title_zh-hans"},
        category="home",
        dry=True,
        actor=owner.actor,
        at=at,
    )
    _worked(at)


def _worked(at: datetime) -> None:
    while working.work(at=at):
        pass


def a_bulk_change(listing: Any, owner: Person, *, at: datetime) -> None:
    """Three pieces more, said in the table of prices and stock."""
    change = Change(listing.pk, was_price=None, was_on_hand=0, added=3)
    applying.apply(
        merchant_id=listing.merchant_id,
        changes=[change],
        together=True,
        language="zh-hans",
        actor=owner.actor,
        at=at,
    )


def a_kept_promise(merchant: Merchant, buyer: Person) -> None:
    """Ordered under the promise to send within a day, and sent in time."""
    terms = {"promises": ["dispatch_24h"]}
    listing = a_listing(
        merchant=merchant, title=f"快发竹茶则 {merchant.slug}", code=f"P-{merchant.slug}"[:40], terms=terms
    )
    an_order(listing=listing, subject_id=buyer.subject_id, shipped=True)


def a_shop_promise(
    merchant: Merchant, key: str = "answer_24h", *categories: str, at: datetime, starts_at: Any = None
) -> ShopPromise:
    """Promised on all its goods, or on those of `categories`."""
    terms = promising.Terms(key, categories, starts_at)
    return promising.choose(merchant_id=merchant.pk, terms=terms, actor=Actor.system(), at=at)


def a_confirmed_identity(merchant: Merchant, *, at: datetime) -> None:
    """An account for its money, everything confirmed and asked of the registers, one change shown."""
    account = {"holder": merchant.legal_name, "bank": "示例银行", "number": CARD}
    payout_accounts.record_account(merchant, account, at=at)
    rechecking.confirm(merchant_id=merchant.pk, actor=Actor.system(), at=at)
    drain(at=at)
    change = rechecking.report_change(
        merchant_id=merchant.pk,
        fields={"contact_public": f"010-0000-{merchant.slug}"[:60]},
        changed_on=at.date() - timedelta(days=1),
        actor=Actor.system(),
        at=at,
    )
    rechecking.show_change(change_id=change.pk, actor=DESK, at=at)
    drain(at=at)


def a_petty_trader(*, at: datetime) -> Merchant:
    """A seller without registration who sold nearly as much as the law lets one sell in a year."""
    seller = an_admitted_application(applicant_id=a_buyer("沈禾").subject_id, at=at, kind="private")
    merchant = seller.merchant
    sold = petty_trade.line(at) * 9 // 10
    petty_trade.note_sale(merchant_id=merchant.pk, reference=new_id(), amount_minor=sold, at=at)
    drain(at=at)
    return merchant


def a_changed_category(*merchants: Merchant, at: datetime) -> None:
    """Each shop sells in a category that asks for one field more; each is told."""
    for merchant in merchants:
        a_listing(
            merchant=merchant,
            category=CHANGED,
            title=f"棉麻茶巾 {merchant.slug}",
            code=f"S-{merchant.slug}"[:40],
        )
    author, other = Actor.staff(new_id()), Actor.staff(new_id())
    change = schema_changes.begin(category=CHANGED, actor=author, at=at)
    schema_changes.put_field(change_id=change.pk, field=_A_FIELD, actor=author, at=at)
    schema_changes.propose(change_id=change.pk, reason="新国标", grace_days=10, actor=author, at=at)
    with clock.frozen(at):
        schema_changes.confirm(change_id=change.pk, actor=other, at=at)
    drain(at=at)


_A_FIELD = {
    "key": "water_footprint",
    "section": "quality",
    "type": "text",
    "label": {"zh-hans": "用水量", "zh-hant": "用水量", "en": "Water used"},
    "help": {"zh-hans": "每件多少升。", "zh-hant": "每件多少公升。", "en": "Litres a piece."},
    "required": True,
    "duty": "cn.disclosure.online",
    "vouch": "laboratory",
    "shown": ["page"],
}


@contextmanager
def a_demand(kind: DocumentKind, *, category: str, at: datetime) -> Iterator[None]:
    """The next version of a category that may only be sold with the document, as an update brings it."""
    row = Category.objects.get(pk=category)
    version = row.schema_version + 700
    asked = {"kind": str(kind), "duty": "cn.licence.food"}
    schema = {**row.schema, "schema_version": version, "licences": [asked]}
    CategorySchema.objects.get_or_create(
        category=row, version=version, defaults={"schema": schema, "loaded_at": at}
    )
    Category.objects.filter(pk=category).update(schema=schema, schema_version=version)
    try:
        yield
    finally:
        Category.objects.filter(pk=category).update(schema=row.schema, schema_version=row.schema_version)


def papers_missing(*, at: datetime) -> None:
    """Every shop that sells in the changed category is told that it lacks a document."""
    with a_demand(DocumentKind.MEDICAL_DEVICE, category=CHANGED, at=at):
        paper_grace.look_through(at=at)


def a_told_server(merchant: Merchant, *, at: datetime) -> None:
    """An address that was told something and answered."""
    url = f"https://shop.example.com/{merchant.slug}"
    owner = Membership.objects.filter(merchant=merchant, capabilities__contains=["owner"]).earliest(
        "since", "id"
    )
    subscribing.subscribe(membership=owner, url=url, topics=list(OFFERED), at=at)
    noting.note(
        merchant_id=merchant.pk, name="listing.published", about=merchant.pk, number=str, data={}, at=at
    )
    while sending.send_due(post=lambda _call: Answer(200, b"ok"), at=at):
        pass


def a_disputed_fen(order: Order, *, at: datetime) -> None:
    """The bank of the order's payer asks one fen of it back."""
    money.a_dispute(Payment.objects.get(pk=order.payment_id), 1, at=at)


def written_about(order: Order, *, at: datetime) -> None:
    """An order's issued invoice, a question that waits and is reported, a claim on a cover of its goods."""
    an_issued_invoice(order, at=at)
    write(order, "您好，已经打包。", at=at, shop=True)
    a_thread(order, at=at)
    a_report(order, at=at)
    cover = a_cover(listing=order.lines.all()[0].listing, subject_id=order.subject_id)
    a_cover_claim(cover, at=cover.bought_at + timedelta(days=2))


def a_reduced_offer(merchant: Any, *, at: datetime) -> None:
    """An offer whose price stands crossed out above a real deal."""
    title = f"白瓷公道杯 {merchant.slug}"
    cut = a_listing(merchant=merchant, title=title, code=f"R-{merchant.slug}"[:40])
    a_deal(cut, "39.00", at=at - timedelta(days=1))
    until = (at + timedelta(days=5)).date().isoformat()
    published(cut, at=at, price_minor=2900, reduction=a_claim("39.00", until=until))


def an_entry(merchant: Merchant, *, at: datetime) -> None:
    """Its goods in a campaign, accepted before it begins."""
    listing = a_listing(merchant=merchant, title=f"活动茶则 {merchant.slug}", code=f"G-{merchant.slug}"[:40])
    accepted(a_goods_campaign(at=at), listing, at=at)


def its_money(merchant: Merchant, *, at: datetime) -> None:
    """A part of what it earned stays back; the rest waits for an account; points come out of fees."""
    fees("100.00", at=at)
    money.some_shop_points(merchant, at=at)
    payouts.earns(merchant, 5_000, at=at)
    reserve.keep(merchant_id=merchant.pk, reference=new_id(), net=Money(5_000), at=at)
    payouts.a_payout(merchant, at=at)


OF_A_SHOP = (
    a_certificate,
    a_shop_promise,
    a_confirmed_identity,
    its_money,
    a_told_server,
    an_entry,
    a_question_to,
)
