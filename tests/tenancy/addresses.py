"""Every address of the site: found in the URLconf, filled with a real object, with an absent one."""

from uuid import uuid4

from django.apps import apps
from django.urls import get_resolver, reverse

from catalog.models import BulkChange
from merchants.models import BrandClaim, BrandLink, Webhook, WebhookDelivery
from orders.models import (
    Appointment,
    CampaignEntry,
    InvoicePaper,
    MessageFile,
    OrderCover,
    OrderMessage,
    ServicePoint,
)
from oversight.models import Matter

STAFF_AREAS = ("admin/", "staff/")


def patterns(found=None, before="", spaces=()):
    """(route, full name, pattern) of every address."""
    for each in get_resolver().url_patterns if found is None else found:
        route = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            inner = (*spaces, each.namespace) if each.namespace else spaces
            yield from patterns(each.url_patterns, route, inner)
        else:
            yield route, ":".join([*spaces, each.name or "-"]), each


def names():
    """Full name → names of its parameters; what has no name is only another spelling of one that has."""
    return {
        name: list(pattern.pattern.converters)
        for route, name, pattern in patterns()
        if not name.endswith(":-") and not route.endswith("/$")
    }


def real(name, parameters, shop):
    """The address with the objects of `shop`, or None where nothing real can be named."""
    return _reverse(name, {each: _value(name, each, shop) for each in parameters})


def absent(name, parameters, shop):
    """The same with objects that nobody has; the shop itself stays when something below it is named."""
    kept = {"slug"} if name_below_shop(name, parameters) else set()
    return _reverse(
        name,
        {
            each: _value(name, each, shop) if each in kept else _nobody_s(name, each, shop)
            for each in parameters
        },
    )


def name_below_shop(name, parameters):
    return "slug" in parameters and len(parameters) > 1


def _reverse(name, values):
    return None if None in values.values() else reverse(name, kwargs=values)


def _value(name, parameter, shop):
    if name == "catalog:category":
        return "home"
    if name.startswith("admin:"):
        return _of_model(name, parameter)
    if parameter == "number" and name in NUMBERS:
        return NUMBERS[name](shop)
    if name.startswith("staff:"):
        return uuid4()
    if (name, parameter) == ("merchants:inspection-file", "file_id"):
        return shop.inspection.files.get().file_id
    if name.startswith("orders:cover-"):
        return _of_cover(parameter, shop)
    of_few = shop.few.get((name, parameter)) or shop.few.get((name.split(":")[0], parameter))
    if of_few:
        return of_few
    found = (
        VALUES.get((name, parameter))
        or VALUES.get((name.split(":")[0], parameter))
        or VALUES.get(("", parameter))
    )
    return found(shop) if found else None


def _nobody_s(name, parameter, shop):
    value = _value(name, parameter, shop)
    if value is None or isinstance(value, int):
        return 9999 if isinstance(value, int) else None
    text = str(value)
    if len(text) >= 32:
        return uuid4()
    return text[:-3] + ("777" if not text.endswith("777") else "888")


def _of_model(name, parameter):
    label = name.removeprefix("admin:").rsplit("_", 1)[0]
    for model in apps.get_models():
        if f"{model._meta.app_label}_{model._meta.model_name}" == label:
            row = model._default_manager.first()
            return row.pk if row is not None else uuid4()
    return {"app_label": "orders", "content_type_id": 1, "url": "x"}.get(parameter, uuid4())


def _case(shop):
    return shop.case.number


def _order(shop):
    return shop.order.number


def _of_cover(parameter, shop):
    """The cover of an order of the shop's buyer, and the claim on it."""
    cover = OrderCover.objects.get(order__merchant=shop.merchant)
    if parameter == "cover_number":
        return cover.number
    claim = cover.claims.get()
    return claim.number if parameter == "claim_number" else claim.photos.get().pk


def _booked(shop):
    return Appointment.objects.get(slot__merchant=shop.merchant)


def _message(shop, seat):
    return OrderMessage.objects.get(thread__order=shop.order, seat=seat).pk


def _claim(shop):
    return shop.review.order.claims.get()


def _return(shop):
    return shop.returning.number


NUMBERS = {
    **dict.fromkeys(["catalog:revision", "catalog:listing-compare"], lambda shop: 1),
    **dict.fromkeys(
        ["orders:return-page", "orders:return-code", "orders:return-parcel", "orders:return-withdrawal",
         "orders:return-reopening", "orders:return-label", "orders:return-label-sheet",
         "orders:return-collection", "orders:return-collection-end",
         "orders:merchant-return", "orders:merchant-return-acceptance", "orders:merchant-return-receipt",
         "orders:merchant-return-refund", "orders:merchant-return-refusal"],
        _return,
    ),
    **dict.fromkeys(
        ["complaints:file-story", "complaints:file-evidence", "complaints:drop-file",
         "complaints:file-check"],
        lambda shop: shop.delivered.number,
    ),
    **dict.fromkeys(
        ["orders:parcel-delivery", "orders:parcel-denial"], lambda shop: shop.delivered.number
    ),
    **dict.fromkeys(
        ["orders:voucher-code", "orders:voucher-booking", "orders:appointment-move",
         "orders:appointment-cancellation", "orders-api:own-appointment-cancellation"],
        lambda shop: _booked(shop).order.number,
    ),
    **dict.fromkeys(
        ["orders:claim-new", "orders:claims", "orders-api:own-claim-remedies", "orders-api:own-line-claims"],
        lambda shop: shop.review.order.number,
    ),
    **dict.fromkeys(["credit:review", "credit:follow-up"], lambda shop: shop.review.order.number),
}  # fmt: skip
VALUES = {
    ("", "slug"): lambda shop: shop.slug,
    ("merchants", "application_id"): lambda shop: shop.application,
    ("merchants", "task"): lambda shop: "contacts",
    ("merchants", "course"): lambda shop: "seller",
    ("merchants", "document_id"): lambda shop: shop.merchant.documents.first().pk,
    ("merchants", "side"): lambda shop: "front",
    ("desk", "language"): lambda shop: "en",
    ("accounts", "kind"): lambda shop: "email",
    ("accounts", "pk"): lambda shop: 9999,
    ("", "mandate_id"): lambda shop: uuid4(),
    ("", "link_id"): lambda shop: uuid4(),
    ("", "spending_id"): lambda shop: uuid4(),
    ("", "step"): lambda shop: "end",
    ("", "token"): lambda shop: "x.y.z",
    ("", "key"): lambda shop: str(shop.listing.pk),
    ("", "listing_id"): lambda shop: shop.listing.pk,
    ("catalog", "run_id"): lambda shop: shop.file.pk,
    ("catalog", "change_id"): lambda shop: BulkChange.objects.get(merchant=shop.merchant).pk,
    ("catalog", "ending"): lambda shop: "csv",
    ("catalog", "placement_id"): lambda shop: shop.placement.pk,
    ("catalog", "certificate_id"): lambda shop: shop.certificate.pk,
    ("catalog-api", "set_id"): lambda shop: shop.shop_set.pk,
    ("catalog", "set_id"): lambda shop: shop.shop_set.pk,
    ("catalog", "claim_id"): lambda shop: BrandClaim.objects.get(merchant=shop.merchant).pk,
    ("catalog", "brandlink_id"): lambda shop: BrandLink.objects.filter(merchant=shop.merchant).first().pk,
    ("catalog", "template_id"): lambda shop: shop.freight_template.pk,
    ("catalog", "submission_id"): lambda shop: shop.listing.submissions.get().pk,
    ("catalog", "picture_id"): lambda shop: shop.picture.pk,
    ("catalog", "name"): lambda shop: f"{shop.picture.pk.hex}-320.webp",
    ("orders", "set_id"): lambda shop: shop.shop_set.pk,
    ("", "variant_id"): lambda shop: shop.listing.pk,
    ("orders", "number"): _order,
    ("orders", "file_id"): lambda shop: MessageFile.objects.get(message__thread__order=shop.order).file_id,
    ("orders", "message_id"): lambda shop: _message(shop, "merchant"),
    ("orders", "buyer_message_id"): lambda shop: _message(shop, "buyer"),
    ("orders", "paper_id"): lambda shop: InvoicePaper.objects.get(merchant=shop.merchant).pk,
    ("orders", "claim_number"): lambda shop: _claim(shop).number,
    ("orders", "line_id"): lambda shop: _claim(shop).line_id,
    ("orders", "photo_id"): lambda shop: _claim(shop).photos.get().pk,
    ("orders", "promise_id"): lambda shop: shop.promise.pk,
    ("orders", "point_id"): lambda shop: ServicePoint.objects.get(merchant=shop.merchant).pk,
    ("orders", "slot_id"): lambda shop: _booked(shop).slot_id,
    ("orders", "appointment_id"): lambda shop: _booked(shop).pk,
    ("orders-api", "appointment_id"): lambda shop: _booked(shop).pk,
    ("orders:voucher-code", "line_id"): lambda shop: _booked(shop).voucher_id,
    ("orders:voucher-booking", "line_id"): lambda shop: _booked(shop).voucher_id,
    ("orders", "entry_id"): lambda shop: CampaignEntry.objects.get(merchant=shop.merchant).pk,
    ("orders", "promotion_id"): lambda shop: shop.promotion.pk,
    ("oversight", "number"): lambda shop: Matter.objects.get(merchant=shop.merchant, state="asked").number,
    ("complaints", "number"): _case,
    ("complaints", "exhibit_id"): lambda shop: shop.case.exhibits.get().pk,
    ("complaints", "choice"): lambda shop: "withdrawal",
    ("complaints", "file_id"): lambda shop: uuid4(),
    ("credit", "line_id"): lambda shop: shop.review.line_id,
    ("credit", "review_id"): lambda shop: shop.review.pk,
    ("payments", "number"): lambda shop: shop.payment_number,
    ("payments", "provider"): lambda shop: "sandbox",
    ("payments", "token"): lambda shop: "x.y.z",
    ("orders", "payment_number"): lambda shop: shop.payment_number,
    ("orders", "token"): lambda shop: "x.y.z",
    ("orders", "tracking_number"): lambda shop: shop.parcel,
    ("orders", "parcel_id"): lambda shop: shop.delivered.shipments.get(returning=None).pk,
    ("notifications", "letter_id"): lambda shop: shop.letter,
    ("rulebook", "rule_id"): lambda shop: "cn.return.window",
    ("rulebook", "slug"): lambda shop: "rules.trade",
    ("privacy", "version"): lambda shop: 1,
    ("rulebook", "version"): lambda shop: 1,
    ("orders-api", "number"): _order,
    ("orders-api", "claim_number"): lambda shop: _claim(shop).number,
    ("orders-api", "line_id"): lambda shop: _claim(shop).line_id,
    ("accounts", "token_id"): lambda shop: shop.own_token,
    ("merchants", "token_id"): lambda shop: shop.token,
    ("merchants", "webhook_id"): lambda shop: Webhook.objects.get(merchant=shop.merchant).pk,
    ("merchants", "delivery_id"): lambda shop: (
        WebhookDelivery.objects.filter(webhook__merchant=shop.merchant).first().pk
    ),
    ("merchants", "membership_id"): lambda shop: shop.merchant.memberships.first().pk,
    ("merchants", "invitation_id"): lambda shop: shop.invitation.pk,
    ("merchants", "penalty_id"): lambda shop: shop.penalty.pk,
    ("merchants", "inspection_id"): lambda shop: shop.inspection.pk,
    ("merchants", "about"): lambda shop: "standing",
    ("merchants", "reference"): lambda shop: shop.appeal.reference,
    ("merchants", "file_id"): lambda shop: shop.appeal.files.get().file_id,
    ("privacy", "what"): lambda shop: "account",
    ("privacy", "purpose"): lambda shop: "personalisation",
    ("privacy", "number"): lambda shop: "R000000000",
}
