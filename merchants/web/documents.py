"""A shop's documents in the portal: what is held until when, handing in, taking back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import DomainError
from merchants import access, documents, numbers
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.document_kinds import KIND_WORDS, OF_A_BRAND, DocumentKind
from merchants.document_lifecycle import DOCUMENT, STATE_WORDS, DocumentState
from merchants.models import Document, Membership
from merchants.web import papers
from merchants.web.document_forms import DocumentForm
from web.http import Request
from web.respond import page, redirect

TONES = {"handed_in": "info", "verified": "ok", "refused": "late", "expired": "late", "withdrawn": ""}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        kind, replaces = DocumentKind(form.cleaned_data["kind"]), form.cleaned_data["replaces"]
        try:
            documents.hand_in(
                merchant_id=membership.merchant_id,
                paper=form.paper(kind),
                replaces=replaces,
                actor=membership.actor,
                at=clock.now(),
            )
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Handed in. We check it within two working days and write to you."))
            return redirect(request, "merchants:documents", slug)
    context = {"merchant": membership.merchant, "form": form, "rows": _rows(membership)}
    return page(request, "merchants/documents.html", context, status=422 if form.errors else 200)


def _form(request: Request) -> DocumentForm:
    if request.method == "POST":
        return DocumentForm(request.POST, request.FILES)
    return DocumentForm(initial={name: request.GET.get(name, "") for name in ("kind", "replaces")})


def _rows(membership: Membership) -> list[dict[str, Any]]:
    return [row_of(each) for each in access.documents_of(membership)]


def row_of(document: Document) -> dict[str, Any]:
    """A document as its owner reads it; of the number only the end."""
    state = DocumentState(document.state)
    return {
        "document": document,
        "kind": _(KIND_WORDS[DocumentKind(document.kind)]),
        "state": _(STATE_WORDS[state]),
        "tone": TONES[state],
        "number": numbers.last_four(document.number),
        "withdrawable": DOCUMENT.allows(state, "withdraw"),
        "renewable": document.kind not in OF_A_BRAND
        and state in (DocumentState.VERIFIED, DocumentState.EXPIRED, DocumentState.REFUSED),
    }


@never_cache
@require_safe
def paper(request: Request, slug: str, document_id: UUID, side: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    document = access.document_of(membership, document_id)
    purpose = documents.PURPOSE
    return papers.answer(document, side, purpose=purpose, actor=membership.actor, at=clock.now())


@require_POST
def withdraw(request: Request, slug: str, document_id: UUID) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    document = access.document_of(membership, document_id)
    documents.withdraw(
        document_id=document.pk, merchant_id=document.merchant_id, actor=membership.actor, at=clock.now()
    )
    messages.success(request, _("Taken back. What may be sold only with it is off sale now."))
    return redirect(request, "merchants:documents", slug)
