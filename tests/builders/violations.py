"""Reports of violations and what became of them, through the use cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.actor import Actor
from kernel.ids import new_id
from outbox import relay
from oversight import codes, deciding, hearing, places, reporting
from oversight.models import Matter, Report, Ruling
from oversight.places import Place
from tests.builders.shops import LISTED

WORDS = "页面写着能治失眠，客服也这么说，我留了截图。"
QUESTION = "商品页写“改善睡眠”，请说明依据。"
REASONS = "商品页的说法没有依据。"
RULE = "cn.ads.false"
DESK = Actor.staff(new_id())


def a_report(
    listing: Any = None,
    *,
    kind: str = "false_ads",
    place: Place | None = None,
    person: UUID | None = None,
    at: datetime = LISTED,
    crowded: bool = False,
    **told: Any,
) -> Report:
    """Anonymous, unless `person` gives their name; `told` changes what is said."""
    where = place or (places.of_listing(listing.pk) if listing else places.of_address(""))
    actor = Actor.buyer(person) if person else Actor.anonymous()
    facts = {"kind": kind, "place": where, "words": WORDS, "named": person is not None, **told}
    code = codes.of_key(str(new_id()))
    made = reporting.report(told=reporting.Told(**facts), code=code, actor=actor, at=at, crowded=crowded)
    made.code = code  # type: ignore[attr-defined]
    relay.drain_all()
    return made


def asked(matter: Matter, *, at: datetime = LISTED, actor: Actor = DESK) -> Matter:
    held = hearing.ask(matter_id=matter.pk, question=QUESTION, actor=actor, at=at)
    relay.drain_all()
    return held


def answered(matter: Matter, *, at: datetime = LISTED) -> Matter:
    """The shop was asked and has answered."""
    assert matter.merchant_id is not None
    asked(matter, at=at)
    member = Actor.member(new_id(), matter.merchant_id)
    held = hearing.answer(
        matter_id=matter.pk, merchant_id=matter.merchant_id, text="已经改了。", actor=member, at=at
    )
    relay.drain_all()
    return held


def ruled(matter: Matter, outcome: str = "corrected", *, at: datetime = LISTED, **said: Any) -> Ruling:
    """Read and decided by the desk."""
    actor = said.pop("actor", DESK)
    deciding.open_reports(matter_id=matter.pk, reason="查看举报", actor=actor, at=at)
    facts = {"reasons": REASONS, "rule_id": RULE, **said}
    made = deciding.decide(
        matter_id=matter.pk, decided=deciding.Decided(outcome, **facts), actor=actor, at=at
    )
    relay.drain_all()
    return made


def a_question_to(merchant: Any, *, at: datetime) -> Matter:
    """Somebody reported the shop, and the desk has asked it; another matter is decided."""
    shop = places.of_shop(merchant.slug)
    ruled(a_report(place=shop, kind="fake_reviews", at=at).matter, at=at)
    return asked(a_report(place=shop, at=at).matter, at=at)
