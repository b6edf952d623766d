"""A shop's freight templates in the portal: what there is, one written or changed, one given up."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import access, freight_templates
from catalog.freight_templates import Written
from catalog.models import FreightTemplate
from catalog.web import freight_words
from catalog.web.freight_form import FreightForm
from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from web.errors import sentence
from web.http import Request
from web.respond import page, redirect

Part = dict[str, Any]


@require_safe
def index(request: Request, slug: str) -> HttpResponse:
    """Every template with what it costs where, and how many listings use it."""
    membership = membership_for(request.actor, slug)
    locale = get_language() or "zh-hans"
    rows = [_row(each, locale) for each in access.freight_templates_of(membership)]
    context = {
        "merchant": membership.merchant,
        "rows": rows,
        "may_edit": membership.can(Capability.LISTINGS),
        "most": freight_templates.MOST,
        "rule_said": freight_words.rule(),
    }
    return page(request, "catalog/freight.html", context)


def _row(template: FreightTemplate, locale: str) -> Part:
    outdated = len(freight_templates.outdated(template))
    return {
        "template": template,
        "used": access.listings_using(template),
        "outdated": outdated,
        "lines": freight_words.lines(template.terms, locale=locale),
        "express": freight_words.express(template.terms, locale=locale),
        "elsewhere": freight_words.elsewhere(template.terms, locale=locale),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, slug: str) -> HttpResponse:
    """Write one."""
    return _edited(request, membership_for(request.actor, slug, needs=Capability.LISTINGS), None)


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: Request, slug: str, template_id: UUID) -> HttpResponse:
    """Change one; what is on sale keeps its freight until it is put on sale again."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    return _edited(request, membership, access.freight_template_for(membership, template_id))


def _edited(request: Request, membership: Membership, there: FreightTemplate | None) -> HttpResponse:
    form = FreightForm(there, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _write(membership, there, form.written(), clock.now())
            messages.success(request, _("The freight template is saved."))
            return redirect(request, "catalog:freight", membership.merchant.slug)
        except DomainError as refused:
            form.refuse(refused)
    rule = freight_words.rule()
    context = {"merchant": membership.merchant, "template": there, "form": form, "rule_said": rule}
    return page(request, "catalog/freight_template.html", context, status=422 if form.errors else 200)


def _write(membership: Membership, there: FreightTemplate | None, written: Written, at: datetime) -> None:
    actor = membership.actor
    if there is None:
        freight_templates.create(merchant_id=membership.merchant_id, written=written, actor=actor, at=at)
    else:
        freight_templates.change(template_id=there.pk, written=written, actor=actor, at=at)


@require_POST
def removal(request: Request, slug: str, template_id: UUID) -> HttpResponse:
    """Give one up; refused while a listing uses it."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    there = access.freight_template_for(membership, template_id)
    try:
        freight_templates.remove(template_id=there.pk, actor=membership.actor, at=clock.now())
        messages.success(request, _("“%(name)s” is deleted.") % {"name": there.name})
    except DomainError as refused:
        messages.error(request, sentence(refused))
    return redirect(request, "catalog:freight", slug)


@require_POST
def sale(request: Request, slug: str, template_id: UUID) -> HttpResponse:
    """Put the changed freight on sale for the listings that use it."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    there = access.freight_template_for(membership, template_id)
    done, refused = freight_templates.put_on_sale(template=there, actor=membership.actor, at=clock.now())
    if done:
        said = ngettext("%(n)s listing has the new freight.", "%(n)s listings have the new freight.", done)
        messages.success(request, said % {"n": done})
    if refused:
        said = ngettext(
            "%(n)s listing can't go on sale as it is. Open it to see what is missing.",
            "%(n)s listings can't go on sale as they are. Open them to see what is missing.",
            refused,
        )
        messages.error(request, said % {"n": refused})
    return redirect(request, "catalog:freight", slug)
