"""The money desk writes a campaign and proposes its money, which a colleague confirms; and stops one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts.web.staff_joint import propose
from accounts.web.staff_pages import workbench
from kernel import clock
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from merchants.models.shops import GRADES
from orders.campaigns import making, seeing
from orders.campaigns.making import NAME_LENGTH, RULES_LENGTH, SetAside, Written
from orders.models import Campaign, CampaignKind
from orders.web import campaign_words, goods_field
from orders.web.promotion_form import DAY, DECIMAL, SumField, midnight
from privacy.access_record import record_export
from rulebook import current
from web import respond
from web.admin import require
from web.errors import sentence
from web.export import csv_response
from web.forms import Form
from web.paging import paginate

DAY_AFTER = timedelta(days=1)
LOCALES = {"zh-hans": "zh_hans", "zh-hant": "zh_hant", "en": "en"}


MOST_IN_FILE = 5000
HEADER = (
    N_("Campaign"),
    N_("Kind"),
    N_("First day"),
    N_("Last day"),
    N_("Put aside"),
    N_("Promised to orders"),
    N_("Ended"),
)
STATES = {
    "": N_("all"),
    "waits": N_("no money yet"),
    "runs": N_("running or to come"),
    "stopped": N_("stopped"),
    "over": N_("over"),
}


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
    kind = forms.ChoiceField(label=_("Kind"), choices=CampaignKind.choices, initial=CampaignKind.COUPON)
    threshold = SumField(label=_("From what sum on"), required=False, help_text=_("Only for a coupon."))
    off = SumField(label=_("Sum off"), required=False, help_text=_("Only for a coupon."))
    least = forms.DecimalField(
        label=_("Least reduction, in per cent"),
        required=False,
        max_digits=3,
        decimal_places=1,
        help_text=_("Only for goods that shops enter."),
        widget=forms.TextInput(attrs=DECIMAL),
    )
    share = forms.DecimalField(
        label=_("Of that the shop pays, in per cent"),
        required=False,
        max_digits=4,
        decimal_places=1,
        help_text=_("0: Anxin pays all of it. 100: the shop does, and nothing has to be put aside."),
        widget=forms.TextInput(attrs=DECIMAL),
    )
    categories = goods_field.goods_field()
    apply_until_on = forms.DateField(
        label=_("Last day for shops to enter"), required=False, widget=forms.DateInput(attrs=DAY)
    )
    least_grade = forms.ChoiceField(
        label=_("Worst grade of a shop"),
        required=False,
        choices=[("", _("every shop"))] + [(each, each) for each in GRADES if each != "N"],
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DAY))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=DAY))
    budget = SumField(
        label=_("Put aside"),
        required=False,
        help_text=_("From the platform's fees. It can't pay more than this."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].choices = goods_field.choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Only what shops pay themselves needs nothing put aside."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        alone = told.get("kind") == CampaignKind.GOODS and told.get("share") == 100
        if not alone and not told.get("budget") and "budget" not in self.errors:
            self.add_error("budget", _("Enter how much is put aside."))
        return told

    def written(self, at: datetime) -> Written:
        told = self.cleaned_data
        zone = ZoneInfo(current.pack(current.HOME, at).zone)
        return Written(
            names={locale: told[f"name_{field}"] for locale, field in LOCALES.items()},
            rules={locale: told[f"rules_{field}"] for locale, field in LOCALES.items()},
            kind=told["kind"],
            from_minor=told["threshold"] or 0,
            off_minor=told["off"] or 0,
            categories=tuple(told["categories"]),
            least_permille=int((told["least"] or 0) * 10),
            shop_permille=int((told["share"] or 0) * 10),
            apply_until=midnight(told["apply_until_on"] + DAY_AFTER, zone)
            if told["apply_until_on"]
            else None,
            least_grade=told["least_grade"],
            starts_at=midnight(told["starts_on"], zone),
            ends_at=midnight(told["ends_on"] + DAY_AFTER, zone),
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
        if made.funded_at is not None:
            return respond.redirect(request, "admin:orders_campaigns")
        budget = form.cleaned_data["budget"] or 0
        propose(request, SetAside(campaign_id=made.pk, amount_minor=budget, currency=made.currency))
        return respond.redirect(request, "staff:joint")

    def _page(self, request: HttpRequest, form: CampaignForm, status: int = 200) -> HttpResponse:
        at = clock.now()
        found = seeing.campaigns_of_the_desk(_state(request), at=at)
        if request.GET.get("format") == "csv":
            return _file(request, list(found[:MOST_IN_FILE]))
        paged = paginate(request, found)
        context: dict[str, Any] = {
            "title": gettext("Campaigns"),
            "form": form,
            "rows": [{"campaign": each, "says": campaign_words.says(each)} for each in paged],
            "paged": paged,
            "state": _state(request),
            "states": [(key, gettext(words)) for key, words in STATES.items()],
            "now": at,
        }
        return workbench(request, "orders/campaign_desk.html", context, status)


def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End it before its time, with a reason that everybody reads."""
    require(request, SetAside.permission)
    actor = Actor.staff(request.user.subject_id)  # type: ignore[union-attr]
    try:
        making.stop(campaign_id=pk, why=request.POST.get("why", ""), actor=actor, at=clock.now())
        messages.success(request, gettext("Stopped. Orders that were placed keep their price."))
    except DomainError as refused:
        messages.error(request, sentence(refused))
    return respond.redirect(request, "admin:orders_campaigns")


def _state(request: HttpRequest) -> str:
    asked = request.GET.get("state", "")
    return asked if asked in STATES else ""


def _file(request: HttpRequest, rows: list[Campaign]) -> HttpResponse:
    """Exactly the rows that are shown."""
    actor = Actor.staff(request.user.subject_id)  # type: ignore[union-attr]
    taken = record_export(
        actor=actor, what="orders.campaigns", rows=len(rows), subject_ids=(), fields=(), at=clock.now()
    )
    header = [gettext(each) for each in HEADER]
    return csv_response("campaigns", header, (_cells(each) for each in rows), number=taken)


def _cells(each: Campaign) -> list[str]:
    return [
        campaign_words.name_of(each),
        each.get_kind_display(),
        each.starts_at.isoformat(timespec="minutes"),
        each.ends_at.isoformat(timespec="minutes"),
        each.budget.decimal_text,
        each.promised.decimal_text,
        each.ended_at.isoformat(timespec="minutes") if each.ended_at else "",
    ]
