"""Reporting an offer that breaks the law: open to everybody, followed by a number that nobody can guess."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.http import HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import guests
from catalog import access, offers, reports
from catalog.finding_states import REPORT_OUTCOMES, REPORT_REASONS
from catalog.models import Listing, ListingReport
from deadlines import booking
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from web import errors
from web.forms import Form
from web.http import Request
from web.respond import page, redirect

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,application/pdf"
RATE = "report_listing"


class ReportForm(Form):
    cause = forms.ChoiceField(label=gettext_lazy("What is wrong"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("What you saw, and how one can check it"),
        max_length=reports.WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": reports.WordsTooShort.message},
    )
    law = forms.CharField(
        label=gettext_lazy("Which law or standard it breaks, if you know"),
        max_length=reports.LAW_LENGTH,
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("A picture or PDF that shows it"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT, "class": "input"}),
    )
    contact = forms.CharField(
        label=gettext_lazy("How we may reach you"),
        max_length=reports.CONTACT_LENGTH,
        required=False,
        help_text=gettext_lazy("Sealed, and never shown to the shop. Without it you follow the number."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = [(key, _(words)) for key, words in REPORT_REASONS.items()]  # type: ignore[attr-defined]
        self.fields["words"].error_messages["required"] = _(reports.WordsTooShort.message)

    def told(self) -> reports.Told:
        given = self.cleaned_data
        return reports.Told(**{name: given[name] for name in ("cause", "words", "law", "contact", "file")})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, key: str) -> HttpResponse:
    """The form; sending it gives a number to follow."""
    listing = access.public_listing(key)
    if request.method != "POST":
        return _page(request, listing, ReportForm())
    if not ratelimit.consume(request, action=RATE):
        return errors.too_many(request)
    form, at = ReportForm(request.POST, request.FILES), clock.now()
    if form.is_valid():
        actor = Actor.buyer(guests.subject_for(request, at=at))
        try:
            made = reports.report(listing_id=listing.pk, told=form.told(), actor=actor, at=at)
            return redirect(request, "catalog:report-status", made.number)
        except DomainError as refused:
            form.refuse(refused)
    return _page(request, listing, form, status=422)


def _page(request: Request, listing: Listing, form: ReportForm, status: int = 200) -> HttpResponse:
    title = offers.title(listing.content, get_language() or "zh-hans")
    context = {"listing": listing, "merchant": listing.merchant, "title": title, "form": form}
    return page(request, "catalog/report.html", context, status=status)


@never_cache
@require_safe
def status(request: Request, number: str) -> HttpResponse:
    """Where it stands, for whoever holds the number; not what was written, nor by whom."""
    held: ListingReport = access.report_of(number)
    clock_row = booking.find(kind=reports.CLOCK, reference=held.pk)
    context = {
        "held": held,
        "title": offers.title(held.revision.content, get_language() or "zh-hans"),
        "cause": _(REPORT_REASONS[held.cause]),
        "outcome": _(REPORT_OUTCOMES[held.state]) if held.state in REPORT_OUTCOMES else "",
        "due_at": clock_row.due_at if clock_row else None,
    }
    return page(request, "catalog/report_status.html", context)
