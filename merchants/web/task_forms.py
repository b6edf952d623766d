"""A form for each task of an application; what is missing is said by the use case, so all may stay empty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from merchants.application_tasks import DECLARATIONS, MISSING, OWNER_ROLES, Task
from merchants.document_kinds import KIND_WORDS, SINGLE
from merchants.models import Merchant
from merchants.texts import TEXTS
from merchants.web.document_forms import ACCEPT, Day
from privacy.places import COUNTRIES
from web.countries import country_names
from web.forms import Form

KINDS = {
    Merchant.Kind.COMPANY: _("Company"),
    Merchant.Kind.SOLE_TRADER: _("Sole trader"),
    Merchant.Kind.PRIVATE: _("Private seller"),
}
ONLY_US = _("Only the platform sees it; stored encrypted.")


def _line(label: Any, hint: Any = "", most: int = 200) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=most, required=False)


def _picture(label: Any, hint: Any = "") -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": ACCEPT, "class": "input"})
    return forms.FileField(label=label, help_text=hint, required=False, widget=widget)


class TaskForm(Form):
    """Answers in, problems out; pictures that are kept already are named under their field."""

    pictures: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    def answers(self) -> dict[str, str]:
        """Everything typed, whether right or wrong."""
        names = [name for name in self.fields if name not in self.pictures]
        return {name: str(self.data.get(name, "")) for name in names}

    def uploads(self) -> dict[str, Any]:
        return {name: self.files[name] for name in self.pictures if name in self.files}

    def show(self, problems: dict[str, str]) -> None:
        """The problems at their fields; those of no field above the form."""
        for name, words in problems.items():
            known, said = name in self.fields, gettext(words)
            if known and words == MISSING:
                said = gettext("Fill in: %(label)s") % {"label": self.fields[name].label}
            self.add_error(name if known else None, said)

    def for_reading(self) -> None:
        """A field may stay empty while one prepares; its label says whether it may in the end."""
        for name, field in self.fields.items():
            field.required = name not in self.optional

    def name_kept(self, answers: dict[str, str]) -> None:
        for name in self.pictures:
            if answers.get(name):
                self.fields[name].help_text = gettext("A picture is kept. Choose another one to replace it.")


class IdentityForm(TaskForm):
    pictures = ("file", "back")
    optional = ("valid_until", "back", "declaration")

    kind = forms.ChoiceField(
        label=_("You sell as"), required=False, widget=forms.RadioSelect, choices=list(KINDS.items())
    )
    place = forms.ChoiceField(
        label=_("Where the business is registered"), required=False, help_text=_("Its law says what it owes.")
    )
    display_name = _line(_("Name of the shop"), most=60)
    legal_name = _line(_("Legal name"), _("As on the licence or card; buyers see a business's."), 120)
    number = _line(
        _("Number of the licence or card"),
        _("A business: its unified social credit code. A private seller: the identity card."),
        40,
    )
    valid_until = forms.CharField(
        label=_("Valid until"), help_text=_("Leave empty if it has no end."), required=False, widget=Day
    )
    address_public = _line(
        _("Business address"),
        _("Shown on your shop page; of a private person only the region."),
    )
    file = _picture(_("Picture of the licence or of the card's front"), _("JPG, PNG, WebP or PDF."))
    back = _picture(_("The card's back, for private sellers"))
    declaration = forms.ChoiceField(
        label=_("Why you need no registration, for private sellers"),
        help_text=_("Your shop page shows this sentence."),
        required=False,
        choices=[("", "–"), *DECLARATIONS.items()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [("", "–"), *((key, gettext(text)) for key, text in DECLARATIONS.items())]
        self.fields["declaration"].choices = words  # type: ignore[attr-defined]
        names = country_names(get_language() or "zh-hans", COUNTRIES)
        self.fields["place"].choices = names  # type: ignore[attr-defined]


class PermitsForm(TaskForm):
    pictures = ("file",)
    optional = ("kind", "number", "issuer", "valid_until", "file")

    sells = forms.ChoiceField(
        label=_("Do you sell goods that need a permit?"),
        help_text=_("Food, health food, cosmetics, medical devices, publications, goods of other brands."),
        required=False,
        widget=forms.RadioSelect,
        choices=[("none", _("No, none of them")), ("some", _("Yes; the permits are handed in here"))],
    )
    kind = forms.ChoiceField(label=_("Permit to add"), required=False)
    number = _line(_("Number on the document"), most=40)
    issuer = _line(_("Issued by"), most=120)
    valid_until = forms.CharField(
        label=_("Valid until"), help_text=_("Leave empty if it has no end."), required=False, widget=Day
    )
    file = _picture(_("Picture or PDF of the document"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = [(str(kind), gettext(words)) for kind, words in KIND_WORDS.items() if kind not in SINGLE]
        self.fields["kind"].choices = [("", "–"), *several]  # type: ignore[attr-defined]


class OwnerForm(TaskForm):
    name = _line(_("Name of the person behind the business"), ONLY_US, 60)
    number = _line(_("Number of their identity card"), ONLY_US, 40)
    role = forms.ChoiceField(
        label=_("How the business belongs to them"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(key, gettext(words)) for key, words in OWNER_ROLES.items()]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class PayoutForm(TaskForm):
    holder = _line(_("Account holder"), _("Exactly the legal name that you sell under."), 120)
    bank = _line(_("Bank"), most=80)
    number = _line(_("Account number"), ONLY_US, 40)
    deposit = forms.BooleanField(label=_("I leave the deposit"), required=False)


class ReturnsForm(TaskForm):
    recipient = _line(_("Who takes returns"), most=60)
    phone = _line(_("Their telephone"), most=30)
    region = _line(_("Province, city and district"), most=80)
    address = _line(_("Street and number"), _("Buyers see it once a return is accepted."))


class ContactsForm(TaskForm):
    contact_public = _line(_("Contact for buyers"), _("A telephone or e-mail that somebody answers."), 100)
    contact_name = _line(_("Your contact person"), ONLY_US, 60)
    contact_phone = _line(_("Telephone of the contact person"), ONLY_US, 30)


class ContractForm(TaskForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for text in TEXTS:
            words = gettext(text.words) % {"version": text.version}
            box = forms.BooleanField(label=words, required=False)
            box.widget.attrs["class"] = "tick"
            self.fields[text.key] = box

    def answers(self) -> dict[str, str]:
        """A tick stands for the version that was shown."""
        return {text.key: text.version if self.data.get(text.key) else "" for text in TEXTS}


FORMS: dict[Task, type[TaskForm]] = {
    Task.IDENTITY: IdentityForm,
    Task.PERMITS: PermitsForm,
    Task.OWNER: OwnerForm,
    Task.PAYOUT: PayoutForm,
    Task.RETURNS: ReturnsForm,
    Task.CONTACTS: ContactsForm,
    Task.CONTRACT: ContractForm,
}
