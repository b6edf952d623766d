"""Staff read the books here; nothing in them can be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from payments.models import (
    Award,
    Charge,
    LedgerEntry,
    Payment,
    PaymentPart,
    Posting,
    ProviderCall,
    ProviderNotice,
    Refund,
)
from payments.web.deposits_desk import DepositCallAdmin as DepositCallAdmin
from payments.web.differences_desk import DifferenceAdmin as DifferenceAdmin
from payments.web.differences_desk import ProviderStatementAdmin as ProviderStatementAdmin
from payments.web.disputes_desk import DisputeAdmin as DisputeAdmin
from payments.web.payouts_desk import PayoutAdmin as PayoutAdmin
from payments.web.payouts_desk import PayoutRunAdmin as PayoutRunAdmin
from web.admin import ReadOnlyAdmin, code_word

if TYPE_CHECKING:
    Postings = admin.TabularInline[Posting, LedgerEntry]
    Parts = admin.TabularInline[PaymentPart, Payment]
else:
    Postings = Parts = admin.TabularInline


class PostingInline(Postings):
    model = Posting
    fields = ("account", "amount", "currency")
    readonly_fields = fields
    can_delete = False
    extra = max_num = 0


class PartInline(Parts):
    model = PaymentPart
    fields = ("reference", "merchant_id", "amount")
    readonly_fields = fields
    can_delete = False
    extra = max_num = 0


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["occurred_at", "purpose", "reference", "actor"]
    search_fields = ["=reference", "purpose"]
    inlines = [PostingInline]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["number", "state", "amount", "provider", "opened_at", "captured_at"]
    list_filter = ["state", "provider"]
    search_fields = ["=number"]
    inlines = [PartInline]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(Charge)
class ChargeAdmin(ReadOnlyAdmin):
    list_display = ["provider_charge_id", "payment", "amount", "extra", "taken_at"]
    list_filter = ["extra", "provider"]
    list_select_related = ["payment"]
    ordering = ["-id"]


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin):
    list_display = ["owed_at", "cause", "rule_id", "amount", "state", "fund_minor", "settled_at"]
    list_filter = ["state", "cause"]
    search_fields = ["=order_id"]
    ordering = ["-id"]


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ["requested_at", "why", "amount", "state", "settled_at"]
    list_filter = ["state"]
    search_fields = ["=reference"]
    ordering = ["-id"]

    @admin.display(description=_("Why"), ordering="purpose")
    def why(self, held: Refund) -> str:
        return code_word(held.purpose.partition(":")[0])


@admin.register(ProviderNotice)
class ProviderNoticeAdmin(ReadOnlyAdmin):
    """Parked notices are money that a person must look at: the filter shows them."""

    list_display = ["received_at", "provider", "kind", "outcome", "reason", "event_id"]
    list_filter = ["outcome", "kind", "provider"]
    search_fields = ["=event_id"]
    ordering = ["-id"]


@admin.register(ProviderCall)
class ProviderCallAdmin(ReadOnlyAdmin):
    list_display = ["due_at", "provider", "kind", "state", "attempts", "last_answer"]
    list_filter = ["state", "provider"]
    ordering = ["-id"]
