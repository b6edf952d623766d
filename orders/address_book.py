"""A buyer's addresses: kept, changed, given up, one the first choice. Orders have copies of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import linking
from catalog import destinations
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from orders.limits import LABEL_LENGTH, MOST_ADDRESSES
from orders.models import Address
from orders.recipients import Recipient, TextTooLong, check_place
from privacy.models import Subject


class AddressBookFull(DomainError):
    code = "address_book_full"
    message = N_("Your address book holds %(most)s addresses already. Delete one that you don't need.")


class PlaceMissing(Invalid):
    code = "address_place_missing"
    message = N_("Choose the province or country that the address is in.")


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote; `label` is a word of their own, such as “home”, and may be empty."""

    recipient: Recipient
    destination: str
    label: str = ""

    def check(self) -> None:
        """:raises RecipientIncomplete, PhoneInvalid, TextTooLong, PlaceMissing, AddressElsewhere:"""
        self.recipient.check()
        if len(self.label) > LABEL_LENGTH:
            raise TextTooLong(field="label", most=LABEL_LENGTH)
        if not destinations.known(self.destination):
            raise PlaceMissing(field="destination")
        check_place(self.recipient.address, self.destination)

    @property
    def cells(self) -> dict[str, str]:
        """As the row keeps them."""
        told = self.recipient
        return {
            "label": " ".join(self.label.split()),
            "recipient": told.name.strip(),
            "phone": told.phone.strip(),
            "address": told.address.strip(),
            "destination": self.destination,
        }


@transaction.atomic
def keep(*, written: Written, actor: Actor, at: datetime, first_choice: bool = False) -> Address:
    """Put it into the book; the same one again is found, not doubled. The first one is the first choice.

    :raises NotFound: nobody :raises AddressBookFull: and what `Written.check` refuses
    """
    written.check()
    subject_id = _locked(actor)
    mine = addresses_of(actor)
    same = next((each for each in mine if _cells(each) == written.cells), None)
    if same is None:
        if len(mine) >= MOST_ADDRESSES:
            raise AddressBookFull(most=MOST_ADDRESSES)
        taken = {each.seat for each in mine if each.subject_id == subject_id}
        seat = next(number for number in range(1, MOST_ADDRESSES + 1) if number not in taken)
        same = Address.objects.create(subject_id=subject_id, seat=seat, changed_at=at, **written.cells)
    if first_choice or not mine:
        _choose(same, mine)
    return same


@transaction.atomic
def change(*, address_id: UUID, written: Written, actor: Actor, at: datetime) -> Address:
    """Write it anew; what was ordered keeps what it was sent to.

    :raises NotFound: another person's, or none :raises Invalid: as `Written.check`
    """
    written.check()
    _locked(actor)
    row = address_of(actor, address_id)
    for name, value in written.cells.items():
        setattr(row, name, value)
    row.changed_at = at
    row.save()
    return row


@transaction.atomic
def choose_first(*, address_id: UUID, actor: Actor, at: datetime) -> None:
    """:raises NotFound:"""
    _locked(actor)
    _choose(address_of(actor, address_id), addresses_of(actor))


@transaction.atomic
def give_up(*, address_id: UUID, actor: Actor, at: datetime) -> None:
    """Delete it; the one changed last becomes the first choice if this was it.

    :raises NotFound:
    """
    _locked(actor)
    row = address_of(actor, address_id)
    was_first = row.is_default
    row.delete()
    left = addresses_of(actor)
    if was_first and left:
        _choose(left[0], left)


def addresses_of(actor: Actor) -> Sequence[Address]:
    """The person's own and those of the guest they were: the first choice, then the one changed last."""
    return list(Address.objects.of_person(actor.subject_id).chosen_first()) if actor.subject_id else []


def address_of(actor: Actor, address_id: UUID) -> Address:
    """:raises NotFound: another person's, or none"""
    found = next((each for each in addresses_of(actor) if each.pk == address_id), None)
    if found is None:
        raise NotFound
    return found


def _choose(row: Address, mine: Sequence[Address]) -> None:
    """One first choice for the person, whichever guest they were when they wrote it."""
    others = [each.pk for each in mine if each.pk != row.pk]
    Address.objects.filter(pk__in=others, is_default=True).update(is_default=False)
    Address.objects.filter(pk=row.pk).update(is_default=True)
    row.is_default = True


def _cells(row: Address) -> dict[str, str]:
    names = ("label", "recipient", "phone", "address", "destination")
    return {name: getattr(row, name) for name in names}


def _locked(actor: Actor) -> UUID:
    """The person's row, so that two presses can't take one seat. :raises NotFound:"""
    if actor.subject_id is None:
        raise NotFound
    people = [actor.subject_id, *linking.guests_of(actor.subject_id)]
    list(Subject.objects.filter(pk__in=people).order_by("pk").select_for_update(no_key=True))
    return actor.subject_id
