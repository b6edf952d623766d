"""The history of a case as sentences: who did what, said what, showed what, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from complaints import awarding
from complaints.lifecycle import ComplaintState, Seat
from complaints.models import Complaint, ComplaintMove, Decision, Exhibit, Outcome, Statement
from complaints.remedy_kinds import LABELS, Remedy
from kernel.money import Money
from payments.awards import shown
from privacy import file_types
from privacy.models import FileState
from rulebook import policies
from rulebook.queries import citation
from web.formats import day_text, moment_text, money_text


class Lengths:
    """The lengths of the silence table in words, as they were in force at `at`."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __getitem__(self, policy: str) -> str:
        length = policies.value(policy, self.at)["length"]
        words = {"h": _("%(n)s hours"), "d": _("%(n)s days"), "wd": _("%(n)s working days")}
        return words[length["unit"]] % {"n": length["n"]}

    def named(self) -> dict[str, str]:
        """What the case page shows beside the choices."""
        return {"ruling": self["silence.decision"], "turn": self["silence.negotiation_offer"]}


def money(amount: Money) -> str:
    return money_text(amount)


def day(instant: datetime) -> str:
    return day_text(instant, weekday=False)


def left(due_at: datetime) -> str:
    return _("until %(moment)s") % {"moment": moment_text(due_at)}


def ending(complaint: Complaint) -> str:
    """How it stands once nobody has to choose any more."""
    amount = {"amount": money(complaint.granted)}
    match complaint.state:
        case ComplaintState.DECIDING:
            return _("We are reading both sides and will decide.")
        case ComplaintState.AGREED if not complaint.granted:
            return _("What was agreed is done, and the case is closed.")
        case ComplaintState.AGREED:
            return _("Both agreed: %(amount)s goes back to the buyer.") % amount
        case ComplaintState.DECIDED if complaint.granted:
            return _("We decided: %(amount)s goes back to the buyer.") % amount
        case ComplaintState.DECIDED:
            return _("We decided: the complaint is not upheld.")
    return _("The complaint was taken back.")


def entries(complaint: Complaint, viewer: Seat) -> list[dict[str, Any]]:
    """The timeline, newest first."""
    told = [*_moves(complaint), *_said(complaint, viewer)]
    return sorted(told, key=lambda entry: (entry["at"], entry["rank"]), reverse=True)


def _moves(complaint: Complaint) -> Iterator[dict[str, Any]]:
    titles = {
        "open": _("The money is frozen"),
        "agree": _("Agreed"),
        "retract": _("The shop took its offer back"),
        "undertake": _("Agreed on what the shop does"),
        "perform": _("The shop says that it is done"),
        "confirm": _("What was agreed is done"),
        "escalate": _("The case went to the platform"),
        "decide": _("The platform decided"),
        "withdraw": _("The complaint was taken back"),
    }
    marks = {
        "open": pgettext("money is locked, one letter", "L"),
        "escalate": pgettext("seat of the platform, one letter", "P"),
        "decide": pgettext("seat of the platform, one letter", "P"),
    }
    # An answer or offer is told by the words that came with it.
    for move in complaint.moves.exclude(name__in=["answer", "offer", "counter"]).order_by("id"):
        yield {
            "at": move.at,
            "rank": 1,
            "who": "sys",
            "mark": marks.get(move.name, "·"),
            "title": titles[move.name],
            "text": _explained(complaint, move),
        }


def _explained(complaint: Complaint, move: ComplaintMove) -> str:
    if move.name == "open":
        return _("Until the case ends, neither the shop nor we can move this money.")
    if move.name == "escalate" and complaint.unanswered:
        return _("The shop didn't answer in time.")
    if move.name == "undertake":
        return str(LABELS[Remedy(complaint.remedy)])
    if move.name in ("agree", "decide"):
        return ending(complaint)
    return ""


def _said(complaint: Complaint, viewer: Seat) -> Iterator[dict[str, Any]]:
    shown = list(complaint.exhibits.select_related("file").order_by("at", "id"))
    for statement in complaint.statements.order_by("at", "id"):
        files = [one for one in shown if one.at == statement.at and one.seat == statement.seat]
        yield {
            "at": statement.at,
            "rank": 0,
            "who": "you" if statement.seat == viewer else "other",
            "mark": _mark(statement, viewer),
            "title": _title(statement, viewer, len(files)),
            "quote": _(statement.text) if statement.actor == "system" else statement.text,
            "files": [file_row(complaint, one, viewer) for one in files],
        }


def _mark(statement: Statement, viewer: Seat) -> str:
    if statement.seat == viewer:
        return pgettext("seat of the reader, one letter", "Y")
    return {
        "buyer": pgettext("seat of the buyer, one letter", "B"),
        "merchant": pgettext("seat of the merchant, one letter", "M"),
        "platform": pgettext("seat of the platform, one letter", "P"),
    }[statement.seat]


def _title(statement: Statement, viewer: Seat, count: int) -> str:
    name = {"buyer": _("The buyer"), "merchant": _("The shop"), "platform": _("The platform")}[statement.seat]
    who = _("You") if statement.seat == viewer else name
    if count:
        return _("%(who)s wrote and showed %(count)s files") % {"who": who, "count": count}
    return _("%(who)s wrote") % {"who": who}


def file_row(complaint: Complaint, exhibit: Exhibit, viewer: Seat) -> dict[str, Any]:
    """A file as the evidence list shows it."""
    stored = exhibit.file
    if viewer is Seat.MERCHANT:
        url = reverse("complaints:shop-exhibit", args=[complaint.merchant.slug, complaint.number, exhibit.pk])
    elif viewer is Seat.PLATFORM:
        url = reverse("admin:complaints_complaint_exhibit", args=[complaint.pk, exhibit.pk])
    else:
        url = reverse("complaints:exhibit", args=[complaint.number, exhibit.pk])
    return {
        "name": stored.name,
        "size": stored.size,
        "digest": f"{stored.sha256[:4]}…{stored.sha256[-4:]}",
        "url": url,
        "picture": stored.state == FileState.CLEAN and stored.media_type in file_types.IMAGES,
        "warn": exhibit.seat != viewer,
    }


def decision(complaint: Complaint) -> dict[str, Any] | None:
    """The ruling as both sides read it."""
    found: Decision | None = getattr(complaint, "decision", None)
    if found is None:
        return None
    locale = get_language() or "zh-hans"
    return {
        "outcome": {
            Outcome.UPHELD: _("Upheld"),
            Outcome.PARTLY: _("Partly upheld"),
            Outcome.REFUSED: _("Not upheld"),
        }[Outcome(found.outcome)],
        "amount": Money(found.amount_minor, complaint.currency),
        "facts": found.facts,
        "reasons": found.reasons,
        "rules": [citation(one, locale, at=complaint.order.placed_at) for one in found.rule_ids],
        "at": found.at,
        "on_top": shown.rows(awarding.of_case(complaint)),
    }
