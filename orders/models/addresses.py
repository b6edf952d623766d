"""A buyer's address book; orders copy what they need, so nothing here reaches back into one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from orders.limits import MOST_ADDRESSES
from orders.queries import AddressQuerySet
from privacy.fields import EncryptedTextField


class Address(models.Model):
    """To whom and where, under a word of the person's own; `destination` is what sums are reckoned for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    # Its seat among the person's addresses: so many seats there are, whoever writes.
    seat = models.PositiveSmallIntegerField()
    label = EncryptedTextField(subject="subject_id")
    recipient = EncryptedTextField(subject="subject_id")
    phone = EncryptedTextField(subject="subject_id")
    address = EncryptedTextField(subject="subject_id")
    destination = models.CharField(max_length=6, blank=True, default="")
    is_default = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["subject", "seat"], name="an_address_has_a_seat_of_its_own"),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(is_default=True), name="one_address_is_the_first_choice"
            ),
            models.CheckConstraint(
                condition=Q(seat__gte=1, seat__lte=MOST_ADDRESSES), name="an_address_book_has_so_many_seats"
            ),
            models.CheckConstraint(
                condition=Q(destination__regex=r"^([A-Z]{2}(-[A-Z]{2})?)?$"), name="an_address_is_at_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"address {self.seat} of {self.subject_id}"
