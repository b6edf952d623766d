"""What an order holds of its shop's confirmation, and what the database itself keeps true of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

# Once confirmed stays confirmed; and only what was to be confirmed is.
_ONCE = """
RAISE EXCEPTION 'a confirmation is given once' USING ERRCODE = 'check_violation',
    CONSTRAINT = 'a_confirmation_is_given_once';
"""


class Reserved(models.Model):
    """Part of the order: goods that the shop confirms first, while the payer's bank reserves their sum."""

    # Within so many hours of the payment, as told before the order; none where nothing is to be confirmed.
    confirm_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    # Since when the payer's bank reserves it, whoever of the purchase has to confirm.
    reserved_at = models.DateTimeField(null=True, blank=True)
    confirm_by = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_unconfirmed(self) -> bool:
        """Whether its shop's word is still missing."""
        return self.confirm_hours is not None and self.confirmed_at is None


def triggers() -> list[pgtrigger.Trigger]:
    """Of the order."""
    return [
        pgtrigger.ReadOnly(name="an_order_is_confirmed_as_it_was_told", fields=["confirm_hours"]),
        pgtrigger.Trigger(
            name="a_confirmation_is_given_once",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(old__confirmed_at__isnull=False)
            & pgtrigger.Q(old__confirmed_at__df=pgtrigger.F("new__confirmed_at")),
            func=_ONCE,
        ),
    ]


def constraints() -> list[models.CheckConstraint]:
    """Of the order: nothing leaves, and nothing is paid out, that its shop hasn't confirmed."""
    none = Q(confirm_hours__isnull=True)
    return [
        models.CheckConstraint(
            condition=(none & Q(confirm_by__isnull=True, confirmed_at__isnull=True))
            | Q(confirm_hours__isnull=False, confirm_hours__gte=1),
            name="only_what_was_to_be_confirmed_is",
        ),
        models.CheckConstraint(
            condition=~Q(state="reserved")
            | (Q(reserved_at__isnull=False) & (none | Q(confirm_by__isnull=False))),
            name="a_reserved_order_knows_since_when",
        ),
        models.CheckConstraint(
            condition=~Q(state="paid") | none | Q(confirm_by__isnull=False),
            name="a_paid_order_to_be_confirmed_has_its_time",
        ),
        models.CheckConstraint(
            condition=~Q(state__in=["shipped", "delivered", "settled"])
            | none
            | Q(confirmed_at__isnull=False),
            name="nothing_leaves_unconfirmed",
        ),
    ]
