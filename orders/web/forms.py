"""Forms of buying and returning; each field says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.address_book import Written
from orders.limits import ADDRESS_LENGTH, LABEL_LENGTH, MOST_OF_ONE, NAME_LENGTH, NOTE_LENGTH
from orders.recipients import Recipient
from web.forms import Form


class QuantityForm(Form):
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=MOST_OF_ONE,
        error_messages={
            "required": _("Enter a quantity."),
            "invalid": _("Enter a whole number."),
            "min_value": _("Enter a quantity from 1 to %(limit_value)s.") % {"limit_value": MOST_OF_ONE},
            "max_value": _("Enter a quantity from 1 to %(limit_value)s."),
        },
    )


class AddForm(QuantityForm):
    listing = forms.UUIDField(error_messages={"invalid": _("This item isn't on sale any more.")})
    variant = forms.UUIDField(
        required=False, error_messages={"invalid": _("This item isn't on sale any more.")}
    )
    # The line of a wish list that it comes from.
    wish = forms.UUIDField(required=False)


class AddSetForm(QuantityForm):
    """`revision` is the one that the page showed."""

    set = forms.UUIDField(error_messages={"invalid": _("This item isn't on sale any more.")})
    revision = forms.UUIDField(error_messages={"invalid": _("This item isn't on sale any more.")})


class RecipientForm(Form):
    """To whom and where."""

    name = forms.CharField(
        label=_("Recipient"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Enter who receives the parcel.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=21,
        error_messages={"required": _("Enter a telephone number for the courier.")},
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    address = forms.CharField(
        label=_("Full address"),
        max_length=ADDRESS_LENGTH,
        error_messages={"required": _("Enter the full address.")},
        widget=forms.Textarea({"rows": 2, "autocomplete": "street-address"}),
    )
    destination = forms.ChoiceField(
        label=_("Province or country"),
        required=False,
        help_text=_("The freight to it is in the total."),
    )

    def __init__(self, *args: Any, places: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["destination"].choices = places  # type: ignore[attr-defined]


class AddressForm(RecipientForm):
    """An entry of the address book; `whole` asks also whether it is the first choice."""

    label = forms.CharField(
        label=_("What you call it"),
        max_length=LABEL_LENGTH,
        required=False,
        help_text=_("Such as home or office. Only you read it."),
        error_messages={"max_length": _("At most %(limit_value)s characters.")},
    )
    first_choice = forms.BooleanField(label=_("Fill in this address at checkout"), required=False)
    field_order = ("label", "name", "phone", "destination", "address", "first_choice")

    def __init__(self, *args: Any, whole: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["destination"]
        place.required, place.help_text = True, ""
        place.error_messages["required"] = _("Choose the province or country that the address is in.")
        if not whole:
            del self.fields["first_choice"]

    @property
    def written(self) -> Written:
        told = self.cleaned_data
        recipient = Recipient(told["name"], told["phone"], told["address"])
        return Written(recipient, told["destination"], told["label"])


class CheckoutForm(RecipientForm):
    """Recipient, and one pair of equal answers per excludable good, none of them chosen."""

    note = forms.CharField(
        label=_("Note to the merchant"), max_length=NOTE_LENGTH, required=False, widget=forms.TextInput()
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=200,
        help_text=_("The link to your order goes here. No account is needed."),
        error_messages={
            "required": _("Enter an e-mail address: the link to your order goes there."),
            "invalid": _("Enter an e-mail address such as name@example.com."),
        },
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    seen_total = forms.IntegerField(widget=forms.HiddenInput())
    keep = forms.BooleanField(label=_("Keep this address for next time"), required=False)

    def __init__(
        self, *args: Any, excludable: Iterable[UUID], guest: bool, delivered: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # What is picked up goes nowhere: nobody has to say where they live.
        self.fields["address"].required = delivered
        if not guest:
            del self.fields["email"]
        for variant_id in excludable:
            self.fields[f"confirm_{variant_id.hex}"] = forms.ChoiceField(
                choices=[
                    ("yes", _("Yes, buy it on these terms")),
                    ("no", _("No, leave it in the cart for now")),
                ],
                widget=forms.RadioSelect(),
                label=_("No return once opened: do you agree?"),
                error_messages={"required": _("Choose one of the two answers for this item.")},
            )

    @property
    def recipient(self) -> Recipient:
        told = self.cleaned_data
        return Recipient(told["name"], told["phone"], told["address"], told["note"])

    def clean(self) -> dict[str, Any]:
        """An entry of the address book says where it is; asked before anything is ordered."""
        told = self.cleaned_data
        if told.get("keep") and not told.get("destination"):
            self.add_error("destination", _("Choose the province or country that the address is in."))
        return told

    @property
    def written(self) -> Written:
        """For the address book."""
        return Written(self.recipient, self.cleaned_data["destination"])

    @property
    def confirmations(self) -> dict[UUID, bool]:
        prefix = "confirm_"
        return {
            UUID(name.removeprefix(prefix)): answer == "yes"
            for name, answer in self.cleaned_data.items()
            if name.startswith(prefix)
        }


class RefusalForm(Form):
    reason = forms.CharField(
        label=_("What is wrong with the goods that came back"),
        max_length=NOTE_LENGTH,
        help_text=_("The buyer reads this and can object within 7 days."),
        error_messages={"required": _("Say what is wrong: a refusal without a reason doesn't count.")},
        widget=forms.Textarea({"rows": 4}),
    )


KINDS = [
    ("no_reason", _("No reason needed")),
    ("quality", _("It is faulty")),
    ("not_as_described", _("It is not as described")),
]


class ReturnForm(Form):
    """How many of each line to send back, of the most that may; zero leaves it."""

    kind = forms.ChoiceField(
        label=_("Reason for the return"),
        choices=KINDS,
        widget=forms.RadioSelect({"class": "radio"}),
        initial="no_reason",
        error_messages={"required": _("Choose why you want to send it back, or no reason.")},
    )
    note = forms.CharField(
        label=_("What is wrong"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=_("Not needed when you return without a reason."),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, lines: Iterable[Any], without_reason: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: list[tuple[Any, int]] = list(lines)
        if not without_reason:
            kind = cast(forms.ChoiceField, self.fields["kind"])
            kind.choices, kind.initial = KINDS[1:], KINDS[-1][0]
        for line, most in self.lines:
            out_of_range = _("You can return at most %(most)s of this item.") % {"most": most}
            self.fields[f"line_{line.pk.hex}"] = forms.IntegerField(
                label=_("How many"),
                required=False,
                min_value=0,
                max_value=most,
                initial=1 if most == 1 and len(self.lines) == 1 else 0,
                widget=forms.NumberInput({"class": "input", "inputmode": "numeric"}),
                error_messages={
                    "invalid": _("Enter a whole number."),
                    "min_value": out_of_range,
                    "max_value": out_of_range,
                },
            )

    @property
    def picked(self) -> list[tuple[UUID, int]]:
        names = [(line.pk, f"line_{line.pk.hex}") for line, _most in self.lines]
        wanted = [(pk, self.cleaned_data.get(name) or 0) for pk, name in names]
        return [(line_id, units) for line_id, units in wanted if units]
