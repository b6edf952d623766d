"""An order as programs read it: amounts in minor units with their currency, instants with their zone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from orders.confirming import Decline
from orders.limits import MOST_LINES, MOST_OF_ONE
from orders.models import Order
from web.api_input import Id, Strict, WholeNumber


class MoneySerializer(serializers.Serializer[Any]):
    minor = serializers.IntegerField(help_text="whole minor units (fen)")
    currency = serializers.CharField(help_text="ISO 4217")

    class Meta:
        ref_name = "OrderMoney"


class DiscountSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="set, threshold or coupon")
    reference = serializers.UUIDField(help_text="the set's revision, the offer, or the claimed coupon")
    funder = serializers.CharField(help_text="who bears it: merchant or platform")
    amount_minor = serializers.IntegerField()


class LineSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    listing = serializers.UUIDField(source="listing_id")
    variant = serializers.UUIDField(source="variant_id")
    quantity = serializers.IntegerField()
    sent = serializers.IntegerField(source="sent_quantity", help_text="pieces in parcels")
    cancelled = serializers.IntegerField(source="cancelled_quantity", help_text="given up before they left")
    undelivered = serializers.IntegerField(
        source="undelivered_quantity", help_text="sent and never arrived; their money went back"
    )
    returned = serializers.IntegerField(source="returned_quantity")
    unit_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField(help_text="units times price, before anything is taken off")
    discount_minor = serializers.IntegerField(help_text="what was taken off, by a set for instance")
    discounts = DiscountSerializer(many=True, source="discounts.all", help_text="what it sums from, by cause")
    gift = serializers.UUIDField(
        source="gift_id",
        allow_null=True,
        help_text="the offer that it was given with; null for what was bought",
    )
    gift_minor = serializers.IntegerField(help_text="a gift's stated value, of one piece")
    set_revision = serializers.UUIDField(
        source="set_revision_id", allow_null=True, help_text="the frozen set that it was bought in"
    )
    tax = serializers.JSONField(
        help_text="standing, rate, amount_minor within the price, rules, pack; frozen"
    )


class PiecesSerializer(serializers.Serializer[Any]):
    line = serializers.UUIDField(source="line_id")
    quantity = serializers.IntegerField()


class ParcelSerializer(serializers.Serializer[Any]):
    """A parcel to the buyer, with what it holds."""

    id = serializers.UUIDField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    handed_over_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    lost_at = serializers.DateTimeField(allow_null=True)
    pieces = PiecesSerializer(many=True, source="lines.all")


class OrderDeliverySerializer(serializers.Serializer[Order]):
    """How an order comes, as it was bought."""

    kind = serializers.CharField(source="delivery", help_text="standard, express or pickup")
    express_days = serializers.IntegerField(
        allow_null=True, help_text="from payment; later, what express cost on top goes back by itself"
    )
    point = serializers.DictField(
        source="point_told", child=serializers.CharField(), help_text="name, address and hours as ordered"
    )
    collect_by = serializers.DateTimeField(
        allow_null=True, help_text="ready until then; not fetched, everything goes back"
    )


class OrderSerializer(serializers.Serializer[Order]):
    """An order in a list; nothing of it says who bought."""

    number = serializers.CharField()
    state = serializers.CharField()
    total = MoneySerializer()
    destination = serializers.CharField(help_text="ISO 3166, such as CN-ZJ or DE; empty for the mainland")
    delivery = OrderDeliverySerializer(source="*")
    refunded = MoneySerializer()
    confirm_hours = serializers.IntegerField(
        allow_null=True, help_text="within which the shop confirms first; null where it needn't"
    )
    reserved_at = serializers.DateTimeField(
        allow_null=True, help_text="since when the sum is only reserved at the payer's bank"
    )
    confirm_by = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    paid_at = serializers.DateTimeField()
    dispatch_by = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField()
    lines = LineSerializer(many=True, source="lines.all")
    parcels = ParcelSerializer(many=True, source="outward_parcels")


class RecipientSerializer(serializers.Serializer[Any]):
    """Empty or masked once the shop no longer needs it."""

    name = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class OrderPageSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True, help_text="number of the next page, or null")
    results = OrderSerializer(many=True)


class NothingSerializer(Strict):
    """A step that needs no more than its address: an empty object, or no body."""


class ConfirmationSerializer(Strict):
    parcel = Id(required=False, help_text="one parcel of several; without it everything")


class DeclineSerializer(Strict):
    reason = serializers.ChoiceField([str(each) for each in Decline], help_text="the buyer reads it")


class PartSerializer(Strict):
    line = Id()
    quantity = WholeNumber(min_value=0, max_value=MOST_OF_ONE)


class ShipmentSerializer(Strict):
    tracking_number = serializers.CharField(max_length=40)
    pieces = serializers.ListField(
        child=PartSerializer(),
        required=False,
        max_length=MOST_LINES,
        help_text="without it all that is left to send",
    )

    @property
    def wanted(self) -> dict[UUID, int] | None:
        """{line: pieces}; a line that is named twice counts together."""
        if "pieces" not in self.validated_data:
            return None
        found: dict[UUID, int] = {}
        for part in self.validated_data["pieces"]:
            found[part["line"]] = found.get(part["line"], 0) + part["quantity"]
        return found


class RefundSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    order = serializers.CharField()
    purpose = serializers.CharField(help_text="return, cancellation, remedy, …")
    state = serializers.CharField()
    amount = MoneySerializer()
    requested_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class RefundPageSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)
    results = RefundSerializer(many=True)


class MoneyLineSerializer(serializers.Serializer[Any]):
    place = serializers.CharField(
        help_text="held, disputed, refund_on_its_way, refunded, back_here, merchant, fees, tax, insurer"
    )
    amount = MoneySerializer()
    since = serializers.DateTimeField()
    next = serializers.CharField(help_text="what moves it next, in the reader's language")


class MoneyPageSerializer(serializers.Serializer[Any]):
    """The lines of `money` sum to what was captured for the order."""

    order = serializers.CharField()
    refunds = RefundSerializer(many=True)
    money = MoneyLineSerializer(many=True)


class AccountLineSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    order = serializers.CharField(allow_null=True, help_text="number of the order that it was for, if one")
    purpose = serializers.CharField()
    amount = MoneySerializer()


class AccountSerializer(serializers.Serializer[Any]):
    """opening + came + left = closing, and the lines of all pages sum to came + left."""

    opening = MoneySerializer()
    came = MoneySerializer()
    left = MoneySerializer()
    closing = MoneySerializer()
    total = serializers.IntegerField(help_text="lines in the span")
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)
    results = AccountLineSerializer(many=True)


class ProblemSerializer(serializers.Serializer[Any]):
    """Why not, in the reader's language (RFC 9457, application/problem+json)."""

    type = serializers.CharField(help_text="urn:anxin:problem: and the code")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="what happened and what to do")
    code = serializers.CharField(help_text="stable; what programs decide by")
    field = serializers.CharField(allow_null=True, help_text="what to change, if one thing")
    message = serializers.CharField(help_text="the same as detail")
    details = serializers.DictField(help_text="the facts of the refusal; `fields` names each wrong field")
