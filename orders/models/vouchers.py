"""Services that were bought: how many uses are left of them, and what each of them was worth."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money
from orders.models import voucher_rules as rules


class Voucher(models.Model):
    """A paid line of services: `uses_each` for each piece. `used` and `booked` are counted by triggers;
    `back` are those that were paid back.
    """

    line = models.OneToOneField(
        "orders.OrderLine", on_delete=models.PROTECT, primary_key=True, related_name="voucher"
    )
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="vouchers")
    uses_each = models.PositiveSmallIntegerField()
    uses = models.PositiveIntegerField()
    used = models.IntegerField(default=0)
    booked = models.IntegerField(default=0)
    back = models.IntegerField(default=0)
    paid_minor = models.BigIntegerField()
    issued_at = models.DateTimeField()

    tenant = "order"

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [
            models.CheckConstraint(
                condition=Q(uses_each__gte=1, used__gte=0, booked__gte=0, back__gte=0)
                & Q(uses__gte=F("used") + F("booked") + F("back")),
                name="no_more_is_used_than_was_bought",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_voucher_is_its_line_s",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=rules.AS_BOUGHT,
            ),
            pgtrigger.ReadOnly(
                name="a_voucher_stays_as_it_was_bought",
                fields=["line", "order", "uses_each", "uses", "paid_minor", "issued_at"],
            ),
            pgtrigger.Trigger(
                name="only_uses_count_on_a_voucher",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__used__df=pgtrigger.F("new__used"))
                | pgtrigger.Q(old__booked__df=pgtrigger.F("new__booked")),
                func=rules.ONLY_COUNTED,
            ),
            pgtrigger.Protect(
                name="what_was_paid_back_stays_back",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__back__gt=pgtrigger.F("new__back")),
            ),
            pgtrigger.Protect(name="a_voucher_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.used}/{self.uses} of {self.line_id}"

    @property
    def left(self) -> int:
        """Neither used nor paid back; some of them may have an appointment."""
        return self.uses - self.used - self.back

    @property
    def free(self) -> int:
        """Those without an appointment."""
        return self.left - self.booked

    @property
    def paid(self) -> Money:
        return Money(self.paid_minor)


class VoucherUse(models.Model):
    """One use: rendered, or missed where the listing said that this counts. Its share is released once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="each_use")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    share_minor = models.BigIntegerField()
    missed = models.BooleanField(default=False)
    used_at = models.DateTimeField()
    used_by = models.CharField(max_length=80)
    release_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    released_minor = models.BigIntegerField(default=0)

    tenant = "order"

    class Meta:
        verbose_name = _("use of a voucher")
        verbose_name_plural = _("uses of vouchers")
        constraints = [
            models.UniqueConstraint(fields=["voucher", "number"], name="a_use_has_its_number"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_minor=0)
                | Q(released_at__isnull=False, released_minor__gte=0),
                name="a_released_use_says_when",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_use_comes_in_its_turn",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=rules.USE_IN_TURN,
            ),
            pgtrigger.Trigger(
                name="a_use_is_counted",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=rules.COUNT_USE,
            ),
            pgtrigger.ReadOnly(
                name="a_use_stays_as_it_was",
                fields=["voucher", "order", "number", "share_minor", "missed", "used_at", "used_by"],
            ),
            pgtrigger.Trigger(
                name="a_use_is_released_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__released_at__df=pgtrigger.F("new__released_at"))
                | pgtrigger.Q(old__released_minor__df=pgtrigger.F("new__released_minor")),
                func=rules.RELEASED_ONCE,
            ),
            pgtrigger.Trigger(
                name="a_released_use_is_counted",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__released_minor__df=pgtrigger.F("new__released_minor")),
                func=rules.COUNT_RELEASE,
            ),
            pgtrigger.Protect(name="a_use_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"use {self.number} of {self.voucher_id}"

    @property
    def share(self) -> Money:
        return Money(self.share_minor)
