"""Platform rules in words: published with notice, open to comment before they count, every version kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from law.counting import Length, Unit
from law.errors import BadPack
from law.windows import Window, window_of
from outbox import bus
from rulebook import current, shelf
from rulebook.events import PlatformRulePublished
from rulebook.models import RuleComment, RuleText
from rulebook.policy_reading import PolicySource, read_texts
from rulebook.sources import at_line, parse

NOTICE = "cn.rule.notice"
IMPORTANT = "important_days"
PREFIX = "rules."
HOME = ZoneInfo("Asia/Shanghai")
COMMENT_LIMIT = 2000


class NoticeTooShort(DomainError):
    code = "rule_notice_too_short"
    message = N_("A change of platform rules counts from %(earliest)s at the earliest: people need notice.")
    status = 422


class VersionOutOfTurn(DomainError):
    code = "rule_version_out_of_turn"
    message = N_("The next version of %(slug)s is %(expected)s.")


class CommentsClosed(DomainError):
    code = "rule_comments_closed"
    message = N_("Comments on this version are closed: it has come into force.")


class CommentEmpty(DomainError):
    code = "rule_comment_empty"
    message = N_("Write what you think of the change.")
    status = 422


class CommentTooLong(DomainError):
    code = "rule_comment_too_long"
    message = N_("A comment has at most %(limit)s characters.")
    status = 422


@dataclass(frozen=True, slots=True)
class PlatformRule:
    """One rule at an instant: what counts, what is announced, and every version, newest first."""

    slug: str
    now: RuleText | None
    coming: RuleText | None
    versions: tuple[RuleText, ...]

    @property
    def shown(self) -> RuleText:
        return self.now or self.versions[-1]


@transaction.atomic
def publish(*, text: str, name: str, actor: Actor, at: datetime) -> list[RuleText]:
    """Announce the new versions in a file; each counts from its own date, after the notice the law asks for.

    :raises BadRulebookFile: with the line; NoticeTooShort or VersionOutOfTurn; nothing is kept
    """
    data = parse(text, name=name)
    try:
        sources = read_texts(data)
    except BadPack as error:
        raise at_line(error, text, name=name) from error
    return [_publish(source, actor, at) for source in sources]


def notice(*, at: datetime, important: bool) -> Window:
    """How long a change must be shown before it counts, from its publication at `at`."""
    pack = current.pack(current.HOME, at)
    rule = pack.rule(NOTICE, at)
    longer = Length(rule.figures[IMPORTANT], Unit.DAYS) if important else None
    return window_of(rule=rule, pack=pack, calendar=current.calendar(current.HOME), start=at, length=longer)


@transaction.atomic
def comment(*, slug: str, version: int, body: str, actor: Actor, at: datetime) -> RuleComment:
    """Anybody may say something about a version that is announced and doesn't count yet.

    :raises CommentsClosed: CommentEmpty or CommentTooLong
    """
    text = version_of(slug, version)
    if at >= text.in_force_from:
        raise CommentsClosed(slug=slug)
    if not body.strip():
        raise CommentEmpty(field="body")
    if len(body) > COMMENT_LIMIT:
        raise CommentTooLong(field="body", limit=COMMENT_LIMIT)
    return RuleComment.objects.create(text=text, body=body.strip(), actor=str(actor), at=at)


def all_rules(at: datetime, *, locale: str, search: str = "") -> list[PlatformRule]:
    """Every platform rule whose words contain `search`, by title."""
    held: dict[str, list[RuleText]] = {}
    for text in RuleText.objects.filter(slug__startswith=PREFIX).order_by("slug", "-version"):
        held.setdefault(text.slug, []).append(text)
    found = [_at(slug, texts, at) for slug, texts in held.items()]
    wanted = search.strip().lower()
    return [each for each in found if wanted in _words(each.shown, locale)]


def one(slug: str, at: datetime) -> PlatformRule:
    """:raises NotFound:"""
    texts = list(RuleText.objects.filter(slug=slug, slug__startswith=PREFIX).order_by("-version"))
    if not texts:
        raise NotFound(rule=slug)
    return _at(slug, texts, at)


def version_of(slug: str, version: int) -> RuleText:
    """:raises NotFound:"""
    found = RuleText.objects.filter(slug=slug, version=version, slug__startswith=PREFIX).first()
    if found is None:
        raise NotFound(rule=slug)
    return found


def as_file(text: RuleText, locale: str) -> str:
    """The whole version as plain text, to keep."""
    words = (text.texts[key][locale] for key in ("title", "sentence", "body"))
    head = f"{text.slug} v{text.version} · {text.in_force_from.astimezone(HOME):%Y-%m-%d %H:%M %z}"
    return "\n\n".join((head, *words)) + "\n"


def _publish(source: PolicySource, actor: Actor, at: datetime) -> RuleText:
    last = RuleText.objects.filter(slug=source.name).order_by("-version").first()
    expected = last.version + 1 if last else 1
    if source.version != expected:
        raise VersionOutOfTurn(slug=source.name, expected=expected)
    earliest = notice(at=at, important=bool(source.value.get("important"))).due_at
    if source.in_force_from < earliest:
        raise NoticeTooShort(earliest=earliest)
    text = RuleText.objects.create(
        slug=source.name,
        version=source.version,
        texts=source.value,
        in_force_from=source.in_force_from,
        loaded_at=at,
        loaded_by=str(actor),
    )
    bus.publish(PlatformRulePublished(text.slug, text.version), at=at)
    shelf.forget()
    return text


def _at(slug: str, texts: Iterable[RuleText], at: datetime) -> PlatformRule:
    versions = tuple(texts)
    now = next((each for each in versions if each.in_force_from <= at), None)
    coming = next((each for each in reversed(versions) if each.in_force_from > at), None)
    return PlatformRule(slug, now, coming, versions)


def _words(text: RuleText, locale: str) -> str:
    return " ".join(text.texts[key][locale] for key in ("title", "sentence", "body")).lower()
