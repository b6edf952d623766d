"""What people put aside, wait for, and report."""

from __future__ import annotations

from catalog import reports, stock_alerts, wish_list
from demo.acting.offering import variant_of
from demo.script import Step
from demo.stage import Stage


def wish(stage: Stage, step: Step) -> None:
    actor = stage.buyer(step.facts["shopper"])
    wish_list.put(listing_id=stage.get(f"goods:{step.key}"), variant_id=None, actor=actor, at=stage.at)


def wait_for(stage: Stage, step: Step) -> None:
    """To be told when it is back."""
    shopper = step.facts["shopper"]
    stock_alerts.ask(
        variant_id=variant_of(stage, step.key),
        language=stage.content.shoppers[shopper]["locale"],
        actor=stage.buyer(shopper),
        at=stage.at,
    )


def report(stage: Stage, step: Step) -> None:
    facts = step.facts
    told = reports.Told(facts["cause"], facts["words"], law=facts.get("law", ""))
    made = reports.report(
        listing_id=stage.get(f"goods:{facts['goods']}"),
        told=told,
        actor=stage.buyer(facts["shopper"]),
        at=stage.at,
    )
    stage.call(f"report:{step.key}", made.pk)


def answer_report(stage: Stage, step: Step) -> None:
    facts = step.facts
    reports.decide(
        report_id=stage.get(f"report:{step.key}"),
        outcome=facts["outcome"],
        reason=facts["reason"],
        rule_id=facts.get("rule_id", ""),
        actor=stage.reviewer(),
        at=stage.at,
    )
