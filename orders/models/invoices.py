"""Invoices that buyers asked for, the papers that say what was paid, and the titles that people keep."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money
from orders.invoice_queries import InvoicePaperQuerySet, InvoiceQuerySet, InvoiceTitleQuerySet
from orders.invoice_states import (
    INVOICE,
    MOST_TITLES,
    NUMBER_LENGTH,
    RUNNING_STATES,
    InvoiceState,
    PaperKind,
    PaperState,
    RefusalReason,
    TitleKind,
)
from orders.models import invoice_sums
from orders.models.contract import Order
from orders.models.lines import OrderLine
from privacy.fields import EncryptedTextField

_RUNNING = sorted(str(state) for state in RUNNING_STATES)
_KINDS = [str(each) for each in TitleKind]


class InvoiceTitle(models.Model):
    """To whom invoices are made out, kept for the next time; a company's with its tax number."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    seat = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    title = EncryptedTextField(subject="subject_id")
    tax_number = EncryptedTextField(subject="subject_id")
    changed_at = models.DateTimeField()

    objects = InvoiceTitleQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice title")
        verbose_name_plural = _("invoice titles")
        constraints = [
            models.UniqueConstraint(fields=["subject", "seat"], name="an_invoice_title_has_a_seat"),
            models.CheckConstraint(
                condition=Q(seat__gte=1, seat__lte=MOST_TITLES), name="so_many_invoice_titles_are_kept"
            ),
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="kept_title_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"invoice title {self.seat} of {self.subject_id}"


class Invoice(models.Model):
    """A buyer's wish for an invoice of one order; `state` is written by `invoices.moving` alone.

    `apart_minor` is what of the order no invoice says: paid with a card whose sale was invoiced.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices")
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    title = EncryptedTextField(subject="subject_id")
    tax_number = EncryptedTextField(subject="subject_id")
    state = models.CharField(max_length=10, default=InvoiceState.WANTED.value)
    apart_minor = models.BigIntegerField(default=0)
    refusal = models.CharField(max_length=20, blank=True, default="")
    wanted_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = InvoiceQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=INVOICE.values), name="invoice_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="invoice_title_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state="refused", refusal__in=[str(each) for each in RefusalReason])
                | (~Q(state="refused") & Q(refusal="")),
                name="an_invoice_is_refused_for_a_lawful_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["wanted", "ended"]) | Q(asked_at__isnull=False),
                name="an_asked_invoice_knows_when",
            ),
            models.CheckConstraint(condition=Q(apart_minor__gte=0), name="what_no_invoice_says_is_a_sum"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state__in=_RUNNING), name="an_order_has_one_running_invoice"
            ),
        ]
        indexes = [models.Index(fields=["subject", "-wanted_at"], name="invoices_of_a_buyer")]
        triggers = [
            pgtrigger.ReadOnly(
                name="an_invoice_stays_whose_it_is",
                fields=["order", "merchant", "subject", "kind", "wanted_at"],
            ),
            pgtrigger.Protect(name="an_invoice_is_kept", operation=pgtrigger.Delete),
            invoice_sums.trigger("an_invoice_has_papers_for_the_sum", invoice_sums.OF_INVOICE),
        ]

    def __str__(self) -> str:
        return f"invoice of {self.order_id}"


class InvoicePaper(models.Model):
    """One e-invoice or credit note: due with its clock and sum, then issued with number and file.

    `cause` of a credit note is the purpose of the refund that it follows.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="papers")
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default=PaperState.DUE.value)
    cause = models.CharField(max_length=60, blank=True, default="")
    currency = models.CharField(max_length=3, default="CNY")
    amount_minor = models.BigIntegerField()
    number = models.CharField(max_length=NUMBER_LENGTH, blank=True, default="")
    file = models.ForeignKey("privacy.StoredFile", on_delete=models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # Since when it is late; its clock ran out and the shop had said nothing.
    late_at = models.DateTimeField(null=True)
    # When staff last reminded the shop of it.
    nudged_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)

    objects = InvoicePaperQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        verbose_name = _("invoice paper")
        verbose_name_plural = _("invoice papers")
        permissions = [("nudge_shop", "May remind a shop of a paper that it is late with")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(each) for each in PaperKind]), name="invoice_paper_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="due", amount_minor__gt=0, number="", issued_at__isnull=True)
                | (Q(state="issued", amount_minor__gt=0, issued_at__isnull=False) & ~Q(number=""))
                | Q(state="dropped", amount_minor=0, number="", issued_at__isnull=True),
                name="an_issued_paper_has_number_and_instant",
            ),
            models.CheckConstraint(
                condition=Q(nudged_at__isnull=True) | Q(late_at__isnull=False, nudged_at__gte=F("late_at")),
                name="a_shop_is_reminded_once_it_is_late",
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", cause="") | (Q(kind="credit_note") & ~Q(cause="")),
                name="a_credit_note_names_its_refund",
            ),
            models.UniqueConstraint(
                fields=["invoice", "cause"], name="an_invoice_has_one_paper_of_each_cause"
            ),
            models.UniqueConstraint(
                fields=["merchant", "number"],
                condition=~Q(number=""),
                name="a_number_is_one_invoice_of_a_shop",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "state", "due_at"], name="papers_of_a_shop"),
        ]
        triggers = [
            pgtrigger.Protect(name="a_paper_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="an_issued_paper_stays_as_it_is",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="issued")
                & (
                    pgtrigger.Q(new__state__df=pgtrigger.F("old__state"))
                    | pgtrigger.Q(new__number__df=pgtrigger.F("old__number"))
                    | pgtrigger.Q(new__amount_minor__df=pgtrigger.F("old__amount_minor"))
                    | pgtrigger.Q(new__issued_at__df=pgtrigger.F("old__issued_at"))
                ),
            ),
            pgtrigger.ReadOnly(
                name="a_paper_stays_whose_it_is",
                fields=["invoice", "merchant", "kind", "cause", "made_at", "due_at"],
            ),
            pgtrigger.Trigger(
                name="a_paper_is_its_invoices_shops",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=invoice_sums.SAME_SHOP,
            ),
            invoice_sums.trigger("papers_say_what_was_paid", invoice_sums.OF_PAPER),
            invoice_sums.trigger("an_issued_paper_is_the_sum_of_its_rows", invoice_sums.ROWS_OF_PAPER),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.kind} {self.id}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_credit_note(self) -> bool:
        return self.kind == PaperKind.CREDIT_NOTE


class InvoiceRow(models.Model):
    """One line of an issued paper: goods and freight together, at the rate that the shop states."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.ForeignKey(InvoicePaper, on_delete=models.PROTECT, related_name="rows")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3, default="CNY")
    gross_minor = models.BigIntegerField()
    # In hundredths of a per cent.
    rate = models.PositiveSmallIntegerField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()

    append_only = True
    tenant = "paper"

    class Meta:
        verbose_name = _("row of an invoice")
        verbose_name_plural = _("rows of invoices")
        constraints = [
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("tax_minor")), name="a_row_is_net_and_tax"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor__gt=0, net_minor__gt=0, tax_minor__gte=0, rate__lt=10_000),
                name="a_row_of_an_invoice_is_a_sum",
            ),
            models.UniqueConstraint(fields=["paper", "line"], name="an_invoice_names_a_line_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            invoice_sums.trigger(
                "rows_sum_to_their_paper", invoice_sums.ROWS_OF_ROW, operation=pgtrigger.Insert
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.gross_minor}"

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)

    @property
    def net(self) -> Money:
        return Money(self.net_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)
