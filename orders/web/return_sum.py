"""A refund's sum step by step, the same for the return's page, the API and `manage refund_quote`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from orders import asking
from orders.models import Order
from orders.web import freight_words, label_view, means_words, part_words, presenting, set_words
from orders.web.presenting import View
from web.formats import money_text


def shown(order: Order, found: asking.Request, *, at: datetime) -> View:
    """What the page before the return shows of `asking.check`'s answer; what a way back costs `at`."""
    lines = {line.pk: line for line in order.lines.all()}
    steps = [
        {
            **presenting.thing_of(lines[step.line_id]),
            "line": lines[step.line_id],
            "units": step.units,
            "goods": step.goods,
            "freight": step.freight,
            "kept_express": step.kept_express,
            "amount": step.amount,
        }
        for step in found.parts.whole.steps
    ]
    return {
        "steps": steps,
        "sum": found.sum,
        "sets": set_words.kept(order, found),
        **part_words.told(order, found.parts),
        "express": freight_words.kept_express(order, found),
        "postage": label_view.payer_words(order, found.postage_payer, at=at),
        "at_once": found.at_once,
        "rule_id": found.rule_id,
        "means": means_words.of_refund(order, found.sum.amount),
    }


def told(order: Order, found: asking.Request, *, at: datetime) -> dict[str, Any]:
    """The same for programs: whole minor units, and the page's words in the reader's language."""
    view = shown(order, found, at=at)
    return {
        "order": order.number,
        "currency": order.currency,
        "steps": [_step(step) for step in view["steps"]],
        "sets": [_set(one) for one in view["sets"]],
        "offer": _offer(view["offer"]) if view["offer"] else None,
        "taken_off": _taken_off(view),
        "goods_minor": found.sum.goods.minor,
        "freight_minor": found.sum.freight.minor,
        "amount_minor": found.sum.amount.minor,
        "accepted_at_once": found.at_once,
        "rule": found.rule_id,
        "postage_payer": found.postage_payer,
        "postage": view["postage"],
        "means": [
            {"means": one["means"], "amount_minor": one["amount"].minor, "words": one["label"]}
            for one in view["means"]
        ],
    }


def _step(step: View) -> dict[str, Any]:
    line, units = step["line"], step["units"]
    counted = {"units": units, "quantity": line.quantity, "paid": money_text(line.goods_paid)}
    words = [_("%(units)s of %(quantity)s, %(paid)s paid for all") % counted]
    if step["freight"]:
        words.append(f"{_('Freight you paid')}: {_('share of %(units)s of %(quantity)s') % counted}")
    return {
        "line": line.pk,
        "position": line.position,
        "title": step["title"],
        "choice": step["choice"],
        "units": units,
        "quantity": line.quantity,
        "paid_goods_minor": line.goods_paid.minor,
        "paid_freight_minor": line.freight_minor,
        "goods_minor": step["goods"].minor,
        "freight_minor": step["freight"].minor,
        "kept_express_minor": step["kept_express"].minor,
        "amount_minor": step["amount"].minor,
        "words": words,
    }


def _offer(one: View) -> dict[str, Any]:
    """A threshold offer that the rest no longer reaches."""
    return {
        "from_minor": one["from"].minor,
        "kept": _kept(one["rows"]),
        "kept_alone_minor": one["worth"].minor,
        "kept_counts_minor": one["counted"].minor,
        "law": one["law"].sentence if one["law"] else "",
    }


def _taken_off(view: View) -> list[dict[str, Any]]:
    """Below zero what comes off the steps, above zero what came off before and is back; as the page says."""
    rows = []
    for name, off, back in (
        ("withheld", _("Freight that was free for the sum"), _("Freight that was free for the sum")),
        ("gifts_kept", _("Gift that you keep"), _("Gift value, taken off before")),
    ):
        if found := view[name]:
            amount = found["amount"].minor if found["back"] else -found["amount"].minor
            law = found["law"].sentence if found["law"] else ""
            rows.append({"amount_minor": amount, "words": back if found["back"] else off, "law": law})
    return rows


def _kept(rows: Sequence[View]) -> list[dict[str, Any]]:
    return [
        {"title": row["title"], "choice": row["choice"], "units": row["n"], "alone_minor": row["alone"].minor}
        for row in rows
    ]


def _set(one: View) -> dict[str, Any]:
    return {
        "title": one["title"],
        "reckoned_anew": one["repriced"],
        "kept": _kept(one["rows"]),
        "kept_alone_minor": one["alone"].minor,
        "kept_counts_minor": one["counted"].minor,
        "goods_minor": one["goods"].minor,
        "law": one["law"].sentence if one["law"] else "",
    }
