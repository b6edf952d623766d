"""The form with which a shop makes a promotion: what is off, from what sum on, for whom and how long."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.money import InvalidAmount, Money
from orders.models import PromotionKind
from orders.promotions.offering import NAME_LENGTH, Terms
from orders.web import goods_field
from rulebook import current
from web.errors import sentence
from web.forms import Form

NAMES = {"zh-hans": "name_zh_hans", "zh-hant": "name_zh_hant", "en": "name_en"}
DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}
DAY = {"type": "date"}


class SumField(forms.CharField):
    """An amount as a person types it; cleans to minor units, or None where nothing was written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs=DECIMAL), **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            return Money.parse(text).minor if text else None
        except InvalidAmount as refused:
            raise forms.ValidationError(sentence(refused)) from refused


class PromotionForm(Form):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (PromotionKind.THRESHOLD, _("Threshold offer: for everybody, by itself")),
            (PromotionKind.COUPON, _("Coupon: for whoever claims it")),
            (PromotionKind.GIFT, _("Gift: comes with the goods, while there are any")),
        ],
        widget=forms.RadioSelect(attrs={"class": "radio"}),
        error_messages={"required": _("Choose a kind."), "invalid_choice": _("Choose a kind.")},
    )
    name_zh_hans = forms.CharField(
        label=_("Name (Simplified Chinese)"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Give it a name; buyers read it.")},
    )
    name_zh_hant = forms.CharField(
        label=_("Name (Traditional Chinese)"), max_length=NAME_LENGTH, required=False
    )
    name_en = forms.CharField(label=_("Name (English)"), max_length=NAME_LENGTH, required=False)
    threshold = SumField(
        label=_("From what sum on"),
        help_text=_(
            "What the goods cost together, freight apart. In yuan. Open only for a gift with certain goods."
        ),
        required=False,
    )
    off = SumField(
        label=_("Sum off"),
        required=False,
        help_text=_("Below the sum above. Leave it open for a share."),
    )
    percent = forms.DecimalField(
        label=_("Share off, in per cent"),
        required=False,
        max_digits=3,
        decimal_places=1,
        help_text=_("Instead of a sum, such as 12.5. Then it needs a most."),
        widget=forms.TextInput(attrs=DECIMAL),
        error_messages={"invalid": _("Enter a share like 12.5.")},
    )
    most = SumField(label=_("At most"), required=False)
    starts_on = forms.DateField(
        label=_("First day"),
        required=False,
        help_text=_("Left open, it holds at once."),
        widget=forms.DateInput(attrs=DAY),
        error_messages={"invalid": _("Enter a day, like 2026-12-01.")},
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs=DAY),
        error_messages={
            "required": _("Enter its last day."),
            "invalid": _("Enter a day, like 2026-12-01."),
        },
    )
    pieces = forms.IntegerField(
        label=_("How many coupons or gifts"),
        required=False,
        min_value=1,
        help_text=_("Left open: as many coupons as are claimed, as many gifts as are in stock."),
        error_messages={
            "invalid": _("Enter a whole number."),
            "min_value": _("Enter a whole number from 1 on."),
        },
    )
    each = forms.IntegerField(
        label=_("How many for each buyer"),
        required=False,
        min_value=1,
        error_messages={
            "invalid": _("Enter a whole number."),
            "min_value": _("Enter a whole number from 1 on."),
        },
    )
    gift_sku = forms.CharField(
        label=_("Code of the gift"),
        max_length=64,
        required=False,
        help_text=_("Only for gifts: one of your goods on sale. It leaves your stock like one that is sold."),
    )
    gift_pieces = forms.IntegerField(
        label=_("Pieces with one order"),
        required=False,
        min_value=1,
        error_messages={
            "invalid": _("Enter a whole number."),
            "min_value": _("Enter a whole number from 1 on."),
        },
    )
    gift_value = SumField(
        label=_("Value of one piece"),
        required=False,
        help_text=_(
            "Buyers read it before they order. It comes off a refund where the gift is kept and the rest no"
            " longer earns it; 0 for nothing. Left open, its price."
        ),
    )
    with_sku = forms.CharField(
        label=_("Comes with"),
        max_length=64,
        required=False,
        help_text=_("The code of goods that have to be among what is bought. Left open, any."),
    )
    categories = goods_field.goods_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].choices = goods_field.choices()  # type: ignore[attr-defined]

    def terms(self, *, at: datetime) -> Terms:
        """Days are whole days where the platform is at home; the last one counts."""
        told = self.cleaned_data
        zone = ZoneInfo(current.pack(current.HOME, at).zone)
        percent = told["percent"]
        return Terms(
            kind=told["kind"],
            names={locale: told[field] for locale, field in NAMES.items()},
            from_minor=told["threshold"] or 0,
            off_minor=told["off"],
            off_permille=None if percent is None else int(percent * 10),
            most_minor=told["most"],
            starts_at=midnight(told["starts_on"], zone) if told["starts_on"] else at,
            ends_at=midnight(told["ends_on"] + timedelta(days=1), zone),
            categories=tuple(told["categories"]),
            pieces=told["pieces"],
            each=told["each"] or 1,
            gift_sku=told["gift_sku"],
            gift_pieces=told["gift_pieces"] or 1,
            gift_minor=told["gift_value"],
            with_sku=told["with_sku"],
        )


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The day's first instant in `zone`."""
    return datetime.combine(day, time.min, tzinfo=zone)
