"""How sums and moments read in each language (design 3.3)."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, gettext

from kernel.errors import N_
from kernel.money import EXPONENTS, Money

# "JP¥" on first mention: a bare ¥ is always the yuan.
SYMBOLS = {
    "CNY": "¥",
    "JPY": "JP¥",
    "USD": "US$",
    "EUR": "€",
    "GBP": "£",
    "TWD": "NT$",
    "HKD": "HK$",
    "KRW": "₩",
}
SPOKEN = {
    "CNY": N_("%(amount)s yuan"),
    "JPY": N_("%(amount)s Japanese yen"),
    "USD": N_("%(amount)s US dollars"),
    "EUR": N_("%(amount)s euros"),
    "GBP": N_("%(amount)s pounds"),
    "TWD": N_("%(amount)s New Taiwan dollars"),
    "HKD": N_("%(amount)s Hong Kong dollars"),
    "KRW": N_("%(amount)s Korean won"),
}

WEEKDAYS = {
    "zh-hans": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "zh-hant": ("週一", "週二", "週三", "週四", "週五", "週六", "週日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Year in which the page is read, set at the edge: other years are then written out.
reading_year: ContextVar[int | None] = ContextVar("reading_year", default=None)


def money_parts(amount: Money) -> tuple[str, str, str]:
    """Symbol with sign, grouped whole part, decimals with their point (may be empty)."""
    places = EXPONENTS[amount.currency]
    whole, rest = divmod(abs(amount.minor), 10**places)
    sign = "−" if amount.minor < 0 else ""
    decimals = f".{rest:0{places}d}" if places else ""
    return sign + SYMBOLS[amount.currency], f"{whole:,}", decimals


def money_text(amount: Money) -> str:
    return "".join(money_parts(amount))


def money_spoken(amount: Money) -> str:
    """For screen readers, which read "¥" in many ways."""
    return gettext(SPOKEN[amount.currency]) % {"amount": amount.decimal_text}


def _language() -> str:
    code = (get_language() or "zh-hans").lower()
    return code if code in WEEKDAYS else "en" if code.startswith("en") else "zh-hans"


def day_text(instant: datetime, *, weekday: bool = True) -> str:
    """The reader's calendar day: "11 月 24 日 周二" or "Tue 24 Nov"."""
    here = timezone.localtime(instant)
    language = _language()
    year = reading_year.get()
    with_year = year is not None and here.year != year
    name = WEEKDAYS[language][here.weekday()]
    if language == "en":
        text = f"{here.day} {MONTHS[here.month - 1]}" + (f" {here.year}" if with_year else "")
        return f"{name} {text}" if weekday else text
    text = (f"{here.year} 年 " if with_year else "") + f"{here.month} 月 {here.day} 日"
    return f"{text} {name}" if weekday else text


def clock_text(instant: datetime) -> str:
    return timezone.localtime(instant).strftime("%H:%M")


def until_text(due_at: datetime) -> str:
    """The end of a period. One that ends at midnight reads as the law says it: 24:00 of its last day."""
    here = timezone.localtime(due_at)
    if (here.hour, here.minute, here.second) != (0, 0, 0):
        return moment_text(due_at)
    return f"{day_text(due_at - timedelta(seconds=1))}{', ' if _language() == 'en' else ' '}24:00"


def moment_text(instant: datetime) -> str:
    """Day and hour: a deadline never stands without its hour."""
    return f"{day_text(instant)}{', ' if _language() == 'en' else ' '}{clock_text(instant)}"
