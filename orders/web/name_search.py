"""The staff's page that finds orders by the name on the parcel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.looking_up import CAUSES, Cause
from kernel import clock
from kernel.errors import DomainError
from orders import finding
from orders.models import Order
from web.admin import require
from web.forms import Form
from web.http import Request

PERMISSION = "accounts.find_person"
WEEK = timedelta(days=7)


class NameForm(Form):
    name = forms.CharField(label=_("The whole name on the parcel"), max_length=60)
    shop = forms.SlugField(label=_("The shop, as in its address"), max_length=60)
    first = forms.DateField(label=_("Ordered from"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Ordered until"), widget=forms.DateInput(attrs={"type": "date"}))
    cause = forms.ChoiceField(label=_("Why you search"), widget=forms.RadioSelect)
    reference = forms.CharField(label=_("Number of the request, order or case"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cause = cast(forms.ChoiceField, self.fields["cause"])
        cause.choices = [(str(key), gettext(words)) for key, words in CAUSES.items()]

    @property
    def asked(self) -> finding.Asked:
        given = self.cleaned_data
        return finding.Asked(
            given["name"],
            given["shop"],
            given["first"],
            given["last"],
            Cause(given["cause"]),
            given["reference"],
        )


def by_name(request: HttpRequest) -> HttpResponse:
    """What was typed is posted and never stands in an address."""
    require(request, PERMISSION)
    today = timezone.localdate(clock.now())
    form = NameForm(request.POST or None, initial={"first": today - WEEK, "last": today})
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        found = finding.find_by_name(form.asked, actor=cast(Request, request).actor, at=clock.now())
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(request, form)
    return _page(request, form, found)


def _page(request: HttpRequest, form: NameForm, found: list[Order] | None = None) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": gettext("Find orders by name"),
        "form": form,
        "searched": found is not None,
        "found": found or [],
    }
    return render(request, "admin/orders/by_name.html", context, status=422 if form.errors else 200)
