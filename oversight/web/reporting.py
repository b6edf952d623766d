"""Reporting a violation: one page, open to everybody, with a code to follow it by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django import forms
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import guests
from kernel import clock
from kernel.errors import DomainError
from oversight import access, codes, places, reporting
from oversight.places import Place
from oversight.states import KIND_WORDS, Kind
from oversight.web import holding, words
from web.forms import Form
from web.http import Request
from web.idempotency import FIELD, idempotent
from web.respond import page, redirect

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,application/pdf,video/mp4,video/quicktime,audio/mp4"
RATE = "report_violation"
ANONYMOUS, NAMED = "anonymous", "named"
WHO = (
    (
        ANONYMOUS,
        gettext_lazy("Without my name: kept apart from any account, only the code leads to it"),
    ),
    (NAMED, gettext_lazy("With my account: I also find it under my reports and get letters")),
)


class SeveralFiles(forms.FileInput):
    """The field looks at one of them; the use case looks at each when it is received."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.get(name)


class ReportForm(Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is wrong"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what is wrong.")},
    )
    address = forms.CharField(
        label=gettext_lazy("Where: the address of the offer, the shop or the page"),
        max_length=places.LENGTH,
        required=False,
        help_text=gettext_lazy("Copy it from the browser. Leave it empty if it is somewhere else."),
    )
    words = forms.CharField(
        label=gettext_lazy("What you saw, and how one can check it"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": reporting.WordsTooShort.message},
    )
    uploads = forms.FileField(
        label=gettext_lazy("Pictures, films or papers that show it"),
        required=False,
        widget=SeveralFiles(attrs={"accept": ACCEPT, "class": "input"}),
        help_text=gettext_lazy("At most 5, 50 MB each. Places are taken out of pictures."),
    )
    about = forms.CharField(
        label=gettext_lazy("Number of an order or case it belongs to"),
        max_length=reporting.ABOUT_LENGTH,
        required=False,
    )
    who = forms.ChoiceField(
        label=gettext_lazy("How you report"), widget=forms.RadioSelect, choices=WHO, initial=ANONYMOUS
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail for our answer"),
        required=False,
        help_text=gettext_lazy("Sealed, and never shown to the shop. Without it you follow the code."),
    )

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(str(key), _(said)) for key, said in KIND_WORDS.items()]  # type: ignore[attr-defined]
        self.fields["words"].error_messages["required"] = _(reporting.WordsTooShort.message)
        if not signed_in:
            del self.fields["who"]

    def told(self, uploads: list[Any]) -> reporting.Told:
        """:raises PlaceUnknown: :raises PlaceNotPublic:"""
        given = self.cleaned_data
        return reporting.Told(
            kind=given["kind"],
            place=places.of_address(given["address"]),
            words=given["words"],
            named=given.get("who") == NAMED,
            about=given["about"],
            contact=given["email"],
            email=given["email"],
            uploads=uploads,
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """The form; `?listing=`, `?shop=` and `?about=` fill it in."""
    if request.method == "POST":
        return _sent_once(request)
    signed_in = request.user.is_authenticated
    form = ReportForm(initial=_prefilled(request), signed_in=signed_in)
    return _page(request, form)


def _prefilled(request: Request) -> dict[str, str]:
    asked = request.GET
    filled = {"about": asked.get("about", "")[: reporting.ABOUT_LENGTH]}
    if asked.get("kind") in list(Kind):
        filled["kind"] = asked["kind"]
    place = _asked_for(asked.get("listing", ""), asked.get("shop", ""))
    if place is not None and place.listing is not None:
        filled["address"] = resolve_url("catalog:product", place.listing.pk)
    elif place is not None and place.merchant is not None:
        filled["address"] = resolve_url("catalog:shop", place.merchant.slug)
    return filled


def _asked_for(listing: str, shop: str) -> Place | None:
    try:
        if listing:
            return places.of_listing(UUID(listing))
        return places.of_shop(shop[:80]) if shop else None
    except (ValueError, DomainError):
        return None


def _again(request: Request) -> HttpResponse:
    """The same form once more: the same code, and nothing is written."""
    return holding.keep(redirect(request, "oversight:sent"), codes.of_key(request.POST.get(FIELD, "")))


def _sent(request: Request) -> HttpResponse:
    signed_in = request.user.is_authenticated
    form, at = ReportForm(request.POST, request.FILES, signed_in=signed_in), clock.now()
    code = codes.of_key(request.POST.get(FIELD, ""))
    if form.is_valid():
        try:
            reporting.report(
                told=form.told(request.FILES.getlist("uploads")),
                code=code,
                actor=guests.shopper_of(request),
                at=at,
                language=get_language() or "zh-hans",
                crowded=not ratelimit.consume(request, action=RATE),
            )
        except DomainError as refused:
            form.refuse(refused)
        else:
            return holding.keep(redirect(request, "oversight:sent"), code)
    return _page(request, form, status=422)


def _page(request: Request, form: ReportForm, status: int = 200) -> HttpResponse:
    return page(request, "oversight/new.html", {"form": form}, status=status)


_sent_once = idempotent(_sent, again=_again)


@never_cache
@require_safe
def sent(request: Request) -> HttpResponse:
    """The code, shown to the browser that sent the report; nobody else has it."""
    code = holding.code_of(request)
    try:
        held = access.report_of_code(code)
    except access.CodeUnknown:
        return redirect(request, "oversight:track")
    context = {"code": codes.shown(code), **words.of_matter(held.matter), "now": clock.now()}
    return page(request, "oversight/sent.html", context)
