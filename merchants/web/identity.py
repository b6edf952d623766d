"""The shop's identity in the portal: what is shown, until when it is checked, confirming and reporting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError
from merchants import access, recheck_deadlines, rechecking
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from merchants.web.document_forms import Day
from web.forms import Form
from web.http import Request
from web.respond import page, redirect


class ChangeForm(Form):
    legal_name = forms.CharField(label=gettext_lazy("Legal name"), max_length=120, required=False)
    licence_number = forms.CharField(label=gettext_lazy("Licence number"), max_length=40, required=False)
    address_public = forms.CharField(label=gettext_lazy("Business address"), max_length=200, required=False)
    contact_public = forms.CharField(label=gettext_lazy("Contact for buyers"), max_length=100, required=False)
    changed_on = forms.DateField(label=gettext_lazy("Changed on"), widget=Day)

    def said(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in rechecking.PUBLIC if name in self.fields}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: Request, slug: str) -> HttpResponse:
    """A POST reports a change."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    form = _form(request, membership)
    if request.method == "POST" and form.is_valid():
        try:
            rechecking.report_change(
                merchant_id=membership.merchant_id,
                fields=form.said(),
                changed_on=form.cleaned_data["changed_on"],
                actor=membership.actor,
                at=clock.now(),
            )
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Reported. We check it and show it within seven working days."))
            return redirect(request, "merchants:identity", slug)
    status = 422 if form.errors else 200
    return page(request, "merchants/identity.html", _context(membership, form), status=status)


def _form(request: Request, membership: Membership) -> ChangeForm:
    """What is shown now stands in the fields."""
    shown = {name: getattr(membership.merchant, name) for name in rechecking.PUBLIC}
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=shown)
    for name in set(rechecking.PUBLIC) - set(rechecking.public_fields(membership.merchant)):
        del form.fields[name]
    return form


@require_POST
def confirm(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    rechecking.confirm(merchant_id=membership.merchant_id, actor=membership.actor, at=clock.now())
    messages.success(
        request, _("Confirmed. We compare it with the registers now and write if something differs.")
    )
    return redirect(request, "merchants:identity", slug)


def _context(membership: Membership, form: ChangeForm) -> dict[str, Any]:
    running = recheck_deadlines.running(membership.merchant)
    return {
        "merchant": membership.merchant,
        "form": form,
        "recheck": running.get(recheck_deadlines.RECHECK),
        "asked": running.get(recheck_deadlines.CHANGE_REPORT),
        "changes": access.identity_changes(membership.merchant),
    }
