"""To whom and where an order goes: typed once, checked, stored sealed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog import destinations
from kernel.errors import N_, Invalid
from orders.limits import ADDRESS_LENGTH, NAME_LENGTH, NOTE_LENGTH

_PHONE = re.compile(r"\+?[0-9][0-9 -]{6,19}", re.ASCII)


class RecipientIncomplete(Invalid):
    code = "recipient_incomplete"
    message = N_("Enter the recipient's name, a telephone number and the full address.")


class PhoneInvalid(Invalid):
    code = "phone_invalid"
    message = N_("Enter a telephone number with 7 to 20 figures, such as 138 0013 8000.")


class TextTooLong(Invalid):
    code = "text_too_long"
    message = N_("This is too long: at most %(most)s characters.")


class AddressElsewhere(Invalid):
    code = "address_elsewhere"
    message = N_(
        "The address is in another province or country than the one you chose. Make them the same."
        " Nothing has been charged."
    )


def check_place(address: str, destination: str) -> None:
    """The sum is for the place that was chosen, and for the mainland while none was.

    :raises AddressElsewhere:
    """
    if not destinations.fits(address, destination):
        raise AddressElsewhere(field="address")


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    phone: str
    address: str
    note: str = ""

    def check(self) -> None:
        """:raises RecipientIncomplete, PhoneInvalid, TextTooLong: with the field to change"""
        self.check_person()
        if not self.address.strip():
            raise RecipientIncomplete(field="address")

    def check_person(self) -> None:
        """Who it is for; enough for what is picked up.

        :raises RecipientIncomplete, PhoneInvalid, TextTooLong: with the field to change
        """
        for field in ("name", "phone"):
            if not getattr(self, field).strip():
                raise RecipientIncomplete(field=field)
        if not _PHONE.fullmatch(self.phone.strip()):
            raise PhoneInvalid(field="phone")
        for field, most in (("name", NAME_LENGTH), ("address", ADDRESS_LENGTH), ("note", NOTE_LENGTH)):
            if len(getattr(self, field)) > most:
                raise TextTooLong(field=field, most=most)
