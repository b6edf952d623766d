"""Where parcels that have not left go to: put right for all open orders at once."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache

from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from privacy import correcting, visitors
from privacy.web.doorkeeping import own_subject, sure_person
from web import respond
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent

PAGE = "privacy/parcels.html"


class ParcelForm(Form):
    """What is left empty stays as it is; nothing of the present is shown to whoever sits at the browser."""

    recipient = forms.CharField(label=gettext_lazy("Recipient"), max_length=60, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )


@method_decorator([never_cache, sure_person], name="dispatch")
class Parcels(View):
    """The person alone: not whoever holds a forwarded link, nor whoever acts for them."""

    def dispatch(self, request: Request, *args: object, **kwargs: object) -> HttpResponse:  # type: ignore[override]
        if getattr(request, "acting", None) or visitors.came_by_link(request):
            raise NotFound
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get(self, request: Request) -> HttpResponse:
        return respond.page(request, PAGE, {"form": ParcelForm()})

    @method_decorator(idempotent)
    def post(self, request: Request) -> HttpResponse:
        form = ParcelForm(request.POST)
        if not form.is_valid():
            return respond.page(request, PAGE, {"form": form}, status=422)
        subject_id = own_subject(request)
        try:
            made, found = correcting.correct(
                subject_id=subject_id,
                values=form.cleaned_data,
                actor=Actor.buyer(subject_id),
                at=clock.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            return respond.page(request, PAGE, {"form": form}, status=422)
        messages.success(request, correcting.told(found))
        return respond.redirect(request, "privacy:request", made.number)
