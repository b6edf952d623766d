"""Claiming a brand: its registration, then each authorisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import access
from catalog.schema import in_language
from kernel.errors import N_
from merchants.brand_terms import EVERYWHERE, PLACES, Authorisation, Registration
from merchants.document_kinds import DocumentKind
from merchants.documents import Paper
from merchants.web.document_forms import PaperFields

PLACE_WORDS = {
    "CN": N_("Mainland China"),
    "HK": N_("Hong Kong"),
    "TW": N_("Taiwan"),
    "JP": N_("Japan"),
    "KR": N_("South Korea"),
    "EU": N_("European Union"),
    "UK": N_("United Kingdom"),
    "US": N_("United States"),
    EVERYWHERE: N_("Everywhere"),
}
HANDS = (
    N_("Through nobody: my shop owns the mark"),
    N_("The owner authorised my shop"),
    N_("Through one distributor"),
    N_("Through two distributors"),
    N_("Through three distributors"),
)


def category_names(locale: str) -> dict[str, str]:
    return {each.pk: in_language(each.names, locale) for each in access.categories()}


class RegistrationForm(PaperFields):
    """`number` is the one of the registration."""

    names = forms.CharField(
        label=gettext_lazy("The brand as it is registered"),
        help_text=gettext_lazy("Each script on its own line, such as 清川 and QINGCHUAN."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = forms.CharField(
        label=gettext_lazy("Owner of the mark"),
        help_text=gettext_lazy("The company, as the register names it."),
        max_length=200,
        required=False,
    )
    owner_is_person = forms.BooleanField(
        label=gettext_lazy("A private person owns it; we keep no name"), required=False
    )
    place = forms.ChoiceField(label=gettext_lazy("Registered in"))
    classes = forms.CharField(
        label=gettext_lazy("Classes of the registration"),
        help_text=gettext_lazy("Numbers of the Nice classification, such as “9, 11”."),
        max_length=120,
    )
    hands = forms.ChoiceField(label=gettext_lazy("How it comes to your shop"))

    field_order = ("names", "owner", "owner_is_person", "place", "number", "classes", "hands")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].label = _("Number of the registration")
        del self.fields["back"]
        self.fields["place"].choices = [(code, _(PLACE_WORDS[code])) for code in PLACES]  # type: ignore[attr-defined]
        self.fields["hands"].choices = [(str(i), _(words)) for i, words in enumerate(HANDS)]  # type: ignore[attr-defined]

    def registration(self) -> Registration:
        given = self.cleaned_data
        words = given["classes"].replace("，", " ").replace("、", " ").replace(",", " ").split()
        return Registration(
            names=tuple(given["names"].splitlines()),
            owner=given["owner"],
            number=given["number"],
            classes=tuple(int(each) if each.isascii() and each.isdigit() else 0 for each in words),
            place=given["place"],
            owner_is_person=given["owner_is_person"],
        )

    def proof(self) -> Paper:
        return _proof(self.cleaned_data, DocumentKind.TRADEMARK)


class RenewalForm(PaperFields):
    """Another paper for the same link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["back"]

    def proof(self) -> Paper:
        return _proof(self.cleaned_data, DocumentKind.BRAND_AUTHORISATION)


class AuthorisationForm(RenewalForm):
    """The next link; `last` where it names the shop itself."""

    grantee = forms.CharField(
        label=gettext_lazy("Whom it authorises"),
        help_text=gettext_lazy("The distributor's registered name."),
        max_length=200,
        required=False,
    )
    by_person = forms.BooleanField(label=gettext_lazy("A private person; we keep no name"), required=False)
    territory = forms.MultipleChoiceField(
        label=gettext_lazy("Where it holds"), widget=forms.CheckboxSelectMultiple
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("For which goods"), widget=forms.CheckboxSelectMultiple
    )

    field_order = ("grantee", "by_person", "territory", "categories")

    def __init__(
        self, *args: Any, last: bool, categories: Iterable[str], names: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if last:
            del self.fields["grantee"], self.fields["by_person"]
        places = [EVERYWHERE, *PLACES]
        self.fields["territory"].choices = [(code, _(PLACE_WORDS[code])) for code in places]  # type: ignore[attr-defined]
        self.fields["categories"].choices = [(slug, names.get(slug, slug)) for slug in categories]  # type: ignore[attr-defined]

    def authorisation(self) -> Authorisation:
        given = self.cleaned_data
        return Authorisation(given.get("grantee", ""), tuple(given["territory"]), tuple(given["categories"]))


def _proof(given: Mapping[str, Any], kind: DocumentKind) -> Paper:
    return Paper(
        kind=kind,
        number=given["number"],
        file=given["file"],
        issuer=given["issuer"],
        valid_from=given["valid_from"],
        valid_until=given["valid_until"],
    )
