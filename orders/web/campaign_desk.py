"""The money desk writes a campaign and proposes what is put aside for it; a colleague confirms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts.web.staff_joint import propose
from accounts.web.staff_pages import workbench
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from merchants.models.shops import GRADES
from orders.campaigns import making, seeing
from orders.campaigns.making import NAME_LENGTH, RULES_LENGTH, SetAside, Written
from orders.web.promotion_form import DAY, SumField, midnight
from rulebook import current
from web import respond
from web.admin import require
from web.forms import Form

LOCALES = {"zh-hans": "zh_hans", "zh-hant": "zh_hant", "en": "en"}


class CampaignForm(Form):
    name_zh_hans = forms.CharField(label=_("Name (Simplified Chinese)"), max_length=NAME_LENGTH)
    name_zh_hant = forms.CharField(
        label=_("Name (Traditional Chinese)"), max_length=NAME_LENGTH, required=False
    )
    name_en = forms.CharField(label=_("Name (English)"), max_length=NAME_LENGTH, required=False)
    rules_zh_hans = forms.CharField(label=_("Rules (Simplified Chinese)"), max_length=RULES_LENGTH)
    rules_zh_hant = forms.CharField(
        label=_("Rules (Traditional Chinese)"), max_length=RULES_LENGTH, required=False
    )
    rules_en = forms.CharField(label=_("Rules (English)"), max_length=RULES_LENGTH, required=False)
    threshold = SumField(label=_("From what sum on"))
    off = SumField(label=_("Sum off"))
    least_grade = forms.ChoiceField(
        label=_("Worst grade of a shop"),
        required=False,
        choices=[("", _("every shop"))] + [(each, each) for each in GRADES if each != "N"],
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DAY))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=DAY))
    budget = SumField(
        label=_("Put aside"), help_text=_("From the platform's fees. It can't pay more than this.")
    )

    def written(self, at: datetime) -> Written:
        told = self.cleaned_data
        zone = ZoneInfo(current.pack(current.HOME, at).zone)
        return Written(
            names={locale: told[f"name_{field}"] for locale, field in LOCALES.items()},
            rules={locale: told[f"rules_{field}"] for locale, field in LOCALES.items()},
            from_minor=told["threshold"],
            off_minor=told["off"],
            least_grade=told["least_grade"],
            starts_at=midnight(told["starts_on"], zone),
            ends_at=midnight(told["ends_on"] + timedelta(days=1), zone),
        )


class Campaigns(View):
    """What there is, and one more."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, SetAside.permission)
        return self._page(request, CampaignForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        require(request, SetAside.permission)
        form, at = CampaignForm(request.POST), clock.now()
        if not form.is_valid():
            return self._page(request, form, 422)
        actor = Actor.staff(request.user.subject_id)  # type: ignore[union-attr]
        try:
            made = making.write(written=form.written(at), actor=actor, at=at)
        except DomainError as refused:
            form.refuse(refused)
            return self._page(request, form, 422)
        budget = form.cleaned_data["budget"]
        propose(request, SetAside(campaign_id=made.pk, amount_minor=budget, currency=made.currency))
        return respond.redirect(request, "staff:joint")

    def _page(self, request: HttpRequest, form: CampaignForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "title": gettext("Campaigns"),
            "form": form,
            "rows": seeing.campaigns_of_the_desk(),
        }
        return workbench(request, "orders/campaign_desk.html", context, status)
