"""Serial codes: anybody asks about one, and a shop gives its goods theirs."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django import forms
from django.http import HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalog import access, offers, serial_batches, serial_checks, serial_codes
from catalog.models import SerialBatch
from catalog.serial_checks import Answer
from catalog.serial_kinds import SOURCE_WORDS, Source
from kernel import clock
from kernel.errors import DomainError, NotFound
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from web import errors
from web.export import csv_response
from web.forms import Form
from web.http import Request
from web.respond import page, redirect

RATE = "serial"
# Ten thousand codes of 64 signs, and some room.
LARGEST_FILE = 1_000_000


class CodeForm(Form):
    code = forms.CharField(
        label=gettext_lazy("The code on the label"),
        help_text=gettext_lazy("Letters and digits; spaces and dashes don't matter."),
        max_length=serial_codes.LONGEST * 2,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request) -> HttpResponse:
    """Open to everybody; the code travels in the form's body, so that no address and no log holds it."""
    if request.method != "POST":
        return page(request, "catalog/serial.html", {"form": CodeForm()})
    if not ratelimit.consume(request, action=RATE):
        return errors.too_many(request)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return page(request, "catalog/serial.html", {"form": form}, status=422)
    network = get_adapter().get_client_ip(request)
    answer = serial_checks.ask(text=form.cleaned_data["code"], network=network, at=clock.now())
    context = {"form": form, "asked": True, "answer": answer, "goods": _goods(answer)}
    return page(request, "catalog/serial.html", context)


def _goods(answer: Answer) -> dict[str, Any] | None:
    """What the code belongs to; not which order, and nobody's name."""
    if answer.code is None:
        return None
    listing = answer.code.listing
    return {
        "listing": listing,
        "merchant": listing.merchant,
        "title": offers.title(listing.content, get_language() or "zh-hans"),
        "on_page": listing.live_revision_id is not None,
    }


class BatchForm(Form):
    code = forms.CharField(label=gettext_lazy("Your code of the product"), max_length=64)
    number = forms.IntegerField(
        label=gettext_lazy("How many codes we make"),
        help_text=gettext_lazy("You get them once, as a file. We keep only their digests."),
        required=False,
        min_value=1,
        max_value=serial_batches.MOST,
    )
    file = forms.FileField(
        label=gettext_lazy("Or the brand's own codes, as a text file"),
        help_text=gettext_lazy("One code a line, ten letters and digits at least, at random."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,.csv", "class": "input"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("number")) == bool(given.get("file")):
            raise forms.ValidationError(_("Either say how many we make, or hand in a file."))
        if given.get("file") and given["file"].size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is too large: at most 10,000 codes at once."))
        return given


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, slug: str) -> HttpResponse:
    """The shop's codes with what was asked about them; making or importing more."""
    post = request.method == "POST"
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS if post else Capability.READ)
    form = BatchForm(request.POST, request.FILES) if post else BatchForm()
    if post and form.is_valid() and (done := _made(request, membership, form)):
        return done
    context = {
        "merchant": membership.merchant,
        "may_edit": membership.can(Capability.LISTINGS),
        "form": form,
        "rows": [_row(each) for each in serial_batches.of_shop(membership.merchant_id)],
    }
    return page(request, "catalog/serials.html", context, status=422 if form.errors else 200)


def _row(batch: SerialBatch) -> dict[str, Any]:
    return {
        "batch": batch,
        "title": offers.title(batch.listing.content, get_language() or "zh-hans"),
        "source": _(SOURCE_WORDS[Source(batch.source)]),
    }


def _made(request: Request, membership: Membership, form: BatchForm) -> HttpResponse | None:
    given = form.cleaned_data
    said: dict[str, Any] = {"actor": membership.actor, "at": clock.now()}
    try:
        listing = access.listing_of_code(membership, given["code"].strip())
        said |= {"merchant_id": membership.merchant_id, "listing_id": listing}
        if given["file"]:
            serial_batches.take_in(lines=_lines(given["file"].read()), **said)
            return redirect(request, "catalog:serials", membership.merchant.slug)
        _batch, codes = serial_batches.generate(number=given["number"], **said)
    except NotFound:
        form.add_error("code", _("Your shop has no product with this code."))
        return None
    except DomainError as refused:
        form.refuse(refused)
        return None
    return csv_response("anxin-serials", [_("Serial code")], [(serial_codes.shown(each),) for each in codes])


def _lines(raw: bytes) -> list[str]:
    """UTF-8 with or without its mark, else GB18030, as spreadsheets on Chinese machines write it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
    return [raw.decode("latin-1")]
