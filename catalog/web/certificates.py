"""A shop's certificates in the portal, and what others say about goods on the public page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import access, certificates, evaluations, offers
from catalog.models import Certificate
from catalog.proof_kinds import (
    CERTIFICATE,
    EVALUATOR_WORDS,
    SCHEME_WORDS,
    STATE_WORDS,
    CertificateState,
    EvaluatorKind,
    Scheme,
)
from catalog.schemas_by_version import schema_at
from kernel import clock
from kernel.errors import DomainError, NotFound
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from merchants.web.document_forms import ACCEPT, Day
from web.forms import Form
from web.http import Request
from web.respond import page, redirect, wants_fragment

# So many of the shop's codes the field offers, newest first; any other can be typed.
MOST_CODES = 200
TONES = {"handed_in": "info", "verified": "ok", "refused": "late", "expired": "late", "withdrawn": ""}


class CertificateForm(Form):
    scheme = forms.ChoiceField(label=gettext_lazy("What it is"))
    number = forms.CharField(label=gettext_lazy("Number on the certificate"), max_length=80)
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=120)
    check_url = forms.URLField(
        label=gettext_lazy("Page where one can look it up"),
        required=False,
        max_length=300,
        assume_scheme="https",
    )
    valid_until = forms.DateField(label=gettext_lazy("Valid until"), required=False, widget=Day)
    code = forms.CharField(
        label=gettext_lazy("Your code of the product"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("Left empty, it stands for the whole shop."),
        widget=forms.TextInput(attrs={"list": "codes", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Picture or PDF of the certificate"),
        widget=forms.FileInput(attrs={"accept": ACCEPT, "class": "input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].choices = [(str(each), _(words)) for each, words in SCHEME_WORDS.items()]  # type: ignore[attr-defined]

    def paper(self) -> certificates.Paper:
        given = self.cleaned_data
        return certificates.Paper(
            scheme=Scheme(given["scheme"]),
            number=given["number"],
            issuer=given["issuer"],
            check_url=given["check_url"],
            valid_until=given["valid_until"],
            file=given["file"],
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, slug: str) -> HttpResponse:
    """What the shop handed in, each with its state; handing in another one."""
    post = request.method == "POST"
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS if post else Capability.READ)
    asked = {"code": request.GET.get("code", "")[:64]}
    form = CertificateForm(request.POST, request.FILES) if post else CertificateForm(initial=asked)
    if post and form.is_valid() and _hand_in(membership, form):
        messages.success(request, _("Handed in. We compare it and write to you."))
        return redirect(request, "catalog:certificates", slug)
    context = {
        "merchant": membership.merchant,
        "may_edit": membership.can(Capability.LISTINGS),
        "form": form,
        "rows": [_row(each) for each in access.certificates_of(membership)],
        "codes": access.codes_of(membership, most=MOST_CODES),
    }
    return page(request, "catalog/certificates.html", context, status=422 if form.errors else 200)


def _hand_in(membership: Membership, form: CertificateForm) -> bool:
    code = form.cleaned_data["code"].strip()
    try:
        listing = access.listing_of_code(membership, code) if code else None
        certificates.hand_in(
            merchant_id=membership.merchant_id,
            listing_id=listing,
            paper=form.paper(),
            actor=membership.actor,
            at=clock.now(),
        )
    except NotFound:
        form.add_error("code", _("Your shop has no product with this code."))
    except DomainError as refused:
        form.refuse(refused)
    return not form.errors


def _row(held: Certificate) -> dict[str, Any]:
    state = CertificateState(held.state)
    return {
        "held": held,
        "scheme": _(SCHEME_WORDS[Scheme(held.scheme)]),
        "state": _(STATE_WORDS[state]),
        "tone": TONES[state],
        "withdrawable": CERTIFICATE.allows(state, "withdraw"),
    }


@require_POST
def withdrawal(request: Request, slug: str, certificate_id: UUID) -> HttpResponse:
    """Take one back; its badge goes at once."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    certificates.withdraw(
        certificate_id=certificate_id,
        merchant_id=membership.merchant_id,
        actor=membership.actor,
        at=clock.now(),
    )
    messages.success(request, _("Taken back. What may be sold only with it is off sale now."))
    return redirect(request, "catalog:certificates", slug)


@require_safe
def proofs(request: Request, key: str) -> HttpResponse:
    """Certificates and independent evaluations of an offer; the product page embeds it."""
    listing, at = access.public_listing(key), clock.now()
    revision = listing.live_revision
    if revision is None:
        raise NotFound
    content, held = revision.content, certificates.shown(listing, at=at)
    schema = schema_at(content["category"], content["schema_version"])
    confirmed = set(certificates.confirmed_by(schema, content["attributes"], held).values())
    context = {
        "listing": listing,
        "title": offers.title(content, get_language() or "zh-hans"),
        "level": 3 if wants_fragment(request) else 2,
        "badges": [{**_row(each), "confirms": each.number in confirmed} for each in held],
        "evaluations": [
            {"row": each, "kind": _(EVALUATOR_WORDS[EvaluatorKind(each.evaluator_kind)])}
            for each in evaluations.shown(listing.pk)
        ],
    }
    return page(request, "catalog/proofs.html", context, fragment="proofs")
