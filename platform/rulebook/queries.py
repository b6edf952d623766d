"""What pages show of the rulebook: a rule with its law, the library, the silence table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext

from kernel.errors import NotFound
from law.counting import local_day
from law.rules import Confidence, Rule, Stamp
from rulebook import current, policies, shelf
from rulebook.policies import PolicyRow
from rulebook.wording import SENTENCES, day_text, law_text

PLATFORM = "ANXIN"
HOME = ZoneInfo("Asia/Shanghai")
# The library's chapters, in the order in which shoppers ask.
SUBJECTS = (
    "return",
    "quality",
    "remedy",
    "complaint",
    "contract",
    "disclosure",
    "privacy",
    "records",
    "platform",
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A rule as the popover and its page show it: the sentence first, then where it is written."""

    rule_id: str
    sentence: str
    law: str
    article: str
    instrument: str
    number: str
    place: str
    since: date
    until: date | None
    stamp: str
    confidence: str
    source: str
    kept_by: str
    subject: str

    @property
    def url(self) -> str:
        return reverse("rulebook:rule", args=[self.rule_id])

    @property
    def as_law(self) -> dict[str, object]:
        """The input of components/law_popover.html."""
        since = day_text(self.since)
        return {
            "name": self.law,
            "plain": self.sentence,
            "place": self.place,
            "since": since,
            "url": self.url,
        }

    @property
    def needs_a_lawyer(self) -> bool:
        return self.confidence != Confidence.CONFIRMED


@dataclass(frozen=True, slots=True)
class RuleHistory:
    """The wording in force and every other one that is loaded, newest first."""

    now: Citation
    versions: tuple[Citation, ...]


def citation(rule_id: str, locale: str, *, at: datetime, version: str = "") -> Citation:
    """A law rule, a policy (`policy.…`) or a platform promise (`promise.…`) in the reader's language.

    `version` is the one that a deadline's row names; a version that was never loaded counts as none.

    :raises NotFound: for an id that nothing loaded knows at that instant
    """
    if rule_id.startswith("policy."):
        return _policy_citation(rule_id, locale, at, version)
    found = current.rules_of_version(rule_id, version) or current.rules_by_id(rule_id, at)
    if found is None:
        return _text_citation(rule_id, locale, at)
    held, wordings = found
    day = local_day(at, held.zone)
    for rule in wordings:
        if rule.in_force_on(day):
            return rule_citation(rule, locale)
    raise NotFound(rule=rule_id)


def history(rule_id: str, locale: str, *, at: datetime) -> RuleHistory:
    """:raises NotFound:"""
    now = citation(rule_id, locale, at=at)
    found = current.rules_by_id(rule_id, at)
    wordings = [rule_citation(rule, locale) for rule in found[1]] if found else [now]
    return RuleHistory(now, tuple(sorted(wordings, key=lambda each: each.since, reverse=True)))


def rule_citation(rule: Rule, locale: str) -> Citation:
    instrument = rule.instrument.name(locale)
    return Citation(
        rule_id=rule.id,
        sentence=rule.sentence[locale],
        law=law_text(instrument, rule.article, locale),
        article=rule.article,
        instrument=instrument,
        number=rule.instrument.number,
        place=rule.place,
        since=rule.in_force_from,
        until=rule.in_force_to,
        stamp=str(rule.stamp),
        confidence=str(rule.confidence),
        source=rule.source,
        kept_by=rule.kept_by[locale],
        subject=rule.subject,
    )


def library(place: str, locale: str, *, at: datetime, search: str = "") -> list[Citation]:
    """Every rule in force at the place whose words contain `search`, in the order of the pack.

    :raises PlaceUnknown:
    """
    held = current.pack(place, at)
    found = [rule_citation(rule, locale) for rule in held.in_force(local_day(at, held.zone))]
    wanted = search.strip().lower()
    if not wanted:
        return found
    return [
        each for each in found if wanted in f"{each.sentence} {each.law} {each.number} {each.rule_id}".lower()
    ]


def silence_table(at: datetime) -> list[PolicyRow]:
    """Who must act, by when, and what happens if nobody does."""
    return policies.rows("silence", at)


def rate_limits(at: datetime) -> list[PolicyRow]:
    """How often a step of the sign-in pages may be taken."""
    return policies.rows("rates", at)


def _policy_citation(rule_id: str, locale: str, at: datetime, version: str) -> Citation:
    row = policies.row_of_version(rule_id.removeprefix("policy."), version) or _policy_row(rule_id, at)
    value = row.value if isinstance(row.value, dict) else {}
    stage, outcome = (value.get(key, {}).get(locale, "") for key in ("stage_text", "outcome_text"))
    since = row.in_force_from.astimezone(HOME).date()
    sentence = f"{stage} — {outcome}" if stage else row.name
    return _platform(rule_id, sentence=sentence, since=since, title=gettext(SENTENCES["source.platform"]))


def _policy_row(rule_id: str, at: datetime) -> PolicyRow:
    try:
        return policies.row(rule_id.removeprefix("policy."), at)
    except policies.PolicyUnknown:
        raise NotFound(rule=rule_id) from None


def _text_citation(rule_id: str, locale: str, at: datetime) -> Citation:
    held = [each for each in shelf.current().texts.get(rule_id, ()) if each.in_force_from <= at]
    if not held:
        raise NotFound(rule=rule_id)
    text = held[-1]
    since = text.in_force_from.astimezone(HOME).date()
    sentence, body = text.value["sentence"][locale], text.value["body"][locale]
    return _platform(rule_id, sentence=sentence, since=since, kept_by=body, title=text.value["title"][locale])


def _platform(rule_id: str, *, sentence: str, since: date, kept_by: str = "", title: str = "") -> Citation:
    return Citation(
        rule_id=rule_id,
        sentence=sentence,
        law=title,
        article="",
        instrument=title,
        number="",
        place=PLATFORM,
        since=since,
        until=None,
        stamp=str(Stamp.PROMISE),
        confidence=str(Confidence.CONFIRMED),
        source="",
        kept_by=kept_by,
        subject="platform",
    )
