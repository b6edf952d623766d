"""Staff read orders, returns and parcels here; every step goes through the use cases."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from orders.models import CampaignEntry, FaultClaim, Order, OrderHold, OrderMove, Return, Scan, Shipment
from orders.web import name_search
from orders.web.campaign_desk import Campaigns, stop
from orders.web.covers_desk import CoverClaimAdmin as CoverClaimAdmin
from orders.web.covers_desk import OrderCoverAdmin as OrderCoverAdmin
from orders.web.entry_desk import CampaignEntryAdmin
from orders.web.invoices_desk import InvoiceAdmin as InvoiceAdmin
from orders.web.invoices_desk import InvoicePaperAdmin as InvoicePaperAdmin
from orders.web.messages_desk import MessageReportAdmin as MessageReportAdmin
from web.admin import ReadOnlyAdmin


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Without the recipient: staff see names only where a case needs them, and that is recorded."""

    change_list_template = "admin/orders/orders.html"
    list_display = ("number", "merchant", "state", "total", "refunded", "placed_at", "settles_at")
    list_filter = ("state",)
    search_fields = ("number",)
    list_select_related = ("merchant",)
    ordering = ("-placed_at", "-id")
    fields = (
        ("number", "state", "merchant"),
        ("goods_minor", "freight_minor", "total_minor", "refunded_minor", "currency"),
        ("placed_at", "paid_at", "shipped_at", "delivered_at", "settled_at"),
        ("dispatch_by", "window_ends_at", "settles_at"),
        ("place", "pack_version", "calendar_version"),
        ("subject_id", "payment_id"),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(name_search.by_name)
        desk = self.admin_site.admin_view(Campaigns.as_view())
        ending = self.admin_site.admin_view(require_POST(stop))
        own = [
            path("by-name/", view, name="orders_order_by_name"),
            path("campaigns/", desk, name="orders_campaigns"),
            path("campaigns/<uuid:pk>/stop", ending, name="orders_campaign_stop"),
        ]
        return [*own, *super().get_urls()]


@admin.register(OrderMove)
class OrderMoveAdmin(ReadOnlyAdmin):
    list_display = ("order", "name", "from_state", "to_state", "actor", "at")
    list_filter = ("name",)
    search_fields = ("order__number",)
    list_select_related = ("order",)
    ordering = ("-at", "-id")


@admin.register(OrderHold)
class OrderHoldAdmin(ReadOnlyAdmin):
    list_display = ("order", "reason", "reference", "placed_at", "lifted_at")
    list_filter = ("reason",)
    search_fields = ("order__number",)
    list_select_related = ("order",)
    ordering = ("-placed_at", "-id")


@admin.register(Return)
class ReturnAdmin(ReadOnlyAdmin):
    list_display = ("number", "order", "kind", "state", "amount", "asked_at", "inspect_by")
    list_filter = ("state", "kind")
    search_fields = ("number", "order__number")
    list_select_related = ("order",)
    ordering = ("-asked_at", "-id")
    fields = (
        ("number", "order", "kind", "state"),
        ("goods_minor", "freight_minor", "amount_minor", "postage_payer", "rule_id"),
        ("asked_at", "accepted_at", "posted_at", "received_at", "refunded_at"),
        ("post_by", "inspect_by"),
    )


@admin.register(FaultClaim)
class FaultClaimAdmin(ReadOnlyAdmin):
    """Without the fault's words and photos: a complaint opens the case, and that is recorded."""

    list_display = ("number", "order", "remedy", "state", "amount", "asked_at")
    list_filter = ("state", "remedy")
    search_fields = ("number", "order__number")
    list_select_related = ("order",)
    ordering = ("-asked_at", "-id")
    fields = (
        ("number", "order", "remedy", "state", "quantity"),
        ("goods_minor", "freight_minor", "amount_minor", "postage_payer", "rule_id"),
        ("asked_at", "accepted_at", "posted_at", "received_at", "taken_on_at"),
        ("overdue_at", "sent_at", "arrived_at", "ended_at"),
    )


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    list_display = (
        "tracking_number",
        "carrier",
        "order",
        "handed_over_at",
        "last_scan_at",
        "delivered_at",
        "lost_at",
    )
    search_fields = ("tracking_number", "order__number")
    list_select_related = ("order",)
    ordering = ("-handed_over_at", "-id")


@admin.register(Scan)
class ScanAdmin(ReadOnlyAdmin):
    list_display = ("shipment", "kind", "happened_at", "received_at", "event_id")
    search_fields = ("shipment__tracking_number",)
    list_select_related = ("shipment",)
    ordering = ("-received_at", "-id")


admin.site.register(CampaignEntry, CampaignEntryAdmin)
