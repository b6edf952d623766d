"""A campaign in words: what it asks, who pays, what fails and by how much; in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalog import access as catalog
from catalog.schema import in_language
from orders.campaigns import taking_off
from orders.campaigns.conditions import WORDS, Condition, Failed
from orders.models import Campaign
from orders.web import promotion_words
from rulebook import wording


def percent(permille: int) -> str:
    return f"{permille / 10:g}"


def name_of(campaign: Campaign) -> str:
    return in_language(campaign.names, wording.locale())


def says(campaign: Campaign) -> str:
    """What it takes off."""
    if campaign.is_of_goods:
        return _("at least %(percent)s %% off the goods that shops entered") % {
            "percent": percent(campaign.least_permille)
        }
    return promotion_words.of_offer(taking_off.offer_of(campaign, campaign.pk))


def payer(campaign: Campaign) -> str:
    """Who bears what comes off."""
    if campaign.shop_permille == 0:
        return _("Anxin pays it.")
    if campaign.shop_permille == 1000:
        return _("The shop pays it.")
    return _("Anxin pays %(share)s%% of it, the shop the rest.") % {
        "share": percent(1000 - campaign.shop_permille)
    }


def category_names() -> Mapping[str, str]:
    """By key; one statement, so once a page."""
    locale = wording.locale()
    return {each.pk: in_language(each.names, locale) for each in catalog.categories()}


def categories(campaign: Campaign, names: Mapping[str, str]) -> str:
    return "、".join(names.get(each, each) for each in campaign.categories)


def failures(failed: Iterable[Failed], names: Mapping[str, str]) -> list[str]:
    """Each condition that doesn't hold as a sentence with both numbers."""
    return [_(WORDS[each.condition]) % _params(each, names) for each in failed]


def _params(failed: Failed, names: Mapping[str, str]) -> dict[str, Any]:
    told = dict(failed.params)
    if failed.condition == Condition.CATEGORY:
        told["asked"] = "、".join(names.get(each, each) for each in told["asked"].split(", "))
        told["has"] = names.get(told["has"], told["has"])
    return told
