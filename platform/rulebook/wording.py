"""Saying what law only codes: rights, reasons and outcomes in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language, gettext

from kernel.errors import N_
from kernel.money import Money
from law.reading import LOCALES
from law.rights import Right, Say
from rulebook import articles
from web.formats import MONTHS, money_text

SENTENCES = {
    "return.can_do": N_(
        "Send it back within %(days)s days without giving a reason. Opening it to look is fine."
    ),
    "return.can_do_unless_confirmed": N_(
        "Send it back within %(days)s days, unless you confirm at checkout that it can't go back once opened."
    ),
    "return.can_do_unless_opened": N_(
        "Send it back within %(days)s days without giving a reason, as long as the seal isn't broken."
    ),
    "return.none_by_law": N_("The law here gives no return without a reason. The seller may promise one."),
    "guarantee.can_do": N_(
        "If it is faulty, the seller repairs or replaces it free, else cuts the price or refunds."
    ),
    "until.years_after_receipt": N_("Until %(years)s years after you receive it"),
    "return.excluded": N_(
        "It can't be returned without a reason. If it is faulty or not as described, it still can."
    ),
    "private.none": N_("A private person sells this, so consumer law's right doesn't apply."),
    "private.as_described": N_("If it isn't as described, send it back for a full refund, whoever sells."),
    "private.fraud": N_(
        "Proven fraud: the contract is undone and all your money comes back. Only traders owe more on top."
    ),
    "escrow.can_do": N_("We hold your money. A dispute freezes it, and the seller can't draw it."),
    "quality.can_do": N_("If it is faulty, send it back for a full refund."),
    "fraud.can_do": N_(
        "Proven fraud: your money back and %(multiple)s times the price on top, at least %(floor)s."
    ),
    "food.can_do": N_("Food sold knowingly unsafe: %(multiple)s times the price on top, at least %(floor)s."),
    "until.day": N_("Until %(day)s, 24:00"),
    "until.day_provisional": N_("Until %(day)s, 24:00; longer if a holiday is announced for that day"),
    "until.days_after_receipt": N_("Until 24:00 on day %(days)s after you sign for it"),
    "until.settlement": N_("Until the return window and any dispute are over"),
    "until.years_after_knowing": N_("Until %(years)s years after you find out"),
    "until.not_applicable": N_("Not for this item"),
    "cost.nothing": N_("It costs you nothing."),
    "cost.return_freight.consumer": N_("You pay the return postage."),
    "cost.return_freight.trader": N_("The seller pays the return postage."),
    "source.platform": N_("Anxin's platform rules"),
    "source.promise": N_("The seller's own promise"),
}

# Names of rights on the slip, and the short form on a product card.
NAMES = {
    "no_reason_return": N_("%(days)s-day return"),
    "quality_return": N_("Return if faulty"),
    "guarantee": N_("%(years)s-year guarantee"),
    "escrow": N_("Your money in escrow"),
    "as_described": N_("Return if not as described"),
    "no_guarantee": N_("No legal guarantee"),
    "private_fraud": N_("Fraud: your money back"),
    "fraud": N_("Fraud: %(multiple)s times on top"),
    "food_safety": N_("Unsafe food: %(multiple)s times on top"),
}
NO_RETURN = N_("No return without reason")
IF_CONFIRMED = N_("No return once opened")
STRIP = {"no_reason_return": N_("%(days)s-day returns"), "escrow": N_("Paid through escrow")}


def locale() -> str:
    """The active language as packs spell it."""
    code = (get_language() or LOCALES[0]).lower()
    return code if code in LOCALES else "en" if code.startswith("en") else LOCALES[0]


def say(sentence: Say) -> str:
    """The sentence in the active language."""
    if sentence.code in ("source.law", "source.promise_over_law"):
        return _source(sentence)
    if sentence.texts:
        return sentence.texts[locale()]
    params = dict(sentence.params)
    code = sentence.code
    if isinstance(params.get("day"), date):
        params["day"] = day_text(params["day"])  # type: ignore[arg-type]
        code = f"{code}_provisional" if params.get("provisional") else code
    if "floor_minor" in params:
        params["floor"] = money_text(Money(int(str(params["floor_minor"])), str(params["currency"])))
    return gettext(SENTENCES[code]) % params


def name(right: Right) -> str:
    """The right's title on the slip."""
    if right.id == "no_reason_return" and not right.applies:
        return gettext(NO_RETURN)
    return gettext(NAMES[right.id]) % right.can_do.params


def strip(rights: Iterable[Right]) -> list[str]:
    """The card's one line: return and escrow, a missing or limited right in its own words."""
    said = []
    for right in rights:
        if right.id not in STRIP:
            continue
        if not right.applies:
            said.append(gettext(NO_RETURN))
        elif right.why_not is not None:
            said.append(gettext(IF_CONFIRMED))
        else:
            said.append(gettext(STRIP[right.id]) % right.can_do.params)
    return said


def day_text(day: date) -> str:
    if locale() == "en":
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _source(sentence: Say) -> str:
    tongue = locale()
    law = law_text(sentence.texts[tongue], str(sentence.params["article"]), tongue)
    if sentence.code == "source.law":
        return law
    return gettext("Shop's promise, better than %(law)s") % {"law": law}


def law_text(instrument: str, article: str, tongue: str) -> str:
    """《电子商务法》第三十一条, or "E-Commerce Law, art. 31"."""
    cited = articles.words(article, tongue)
    if tongue == "zh-hant":
        cited = cited.replace("条", "條").replace("项", "項")
    if tongue == "en":
        return f"{instrument}, {cited}" if cited else instrument
    return f"《{instrument}》{cited}"
