"""How the platform looks after shops, and after itself: inspections, and what didn't work."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from demo import applications
from demo.script import Step
from demo.stage import Stage
from kernel.actor import Actor
from merchants import inspecting, inspection_plan
from merchants.models import Inspection
from notifications import disruptions
from notifications.disruption_lifecycle import Component
from notifications.disruption_lifecycle import Stage as Standing


def plan_inspection(stage: Stage, step: Step) -> None:
    """Into the plan of the month; where its lot or the shop's risk has put the shop there, that stands."""
    inspection_plan.draw(actor=Actor.system(), at=stage.at)
    merchant_id = stage.get(f"shop:{step.key}")
    held = Inspection.objects.filter(merchant_id=merchant_id, closed_at=None).first()
    held = held or inspection_plan.add(
        merchant_id=merchant_id, reason=step.facts["reason"], actor=stage.reviewer(), at=stage.at
    )
    stage.call(f"inspection:{step.key}", held.pk)


def inspect(stage: Stage, step: Step) -> None:
    facts = step.facts
    inspecting.record(
        inspection_id=stage.get(f"inspection:{step.key}"),
        scope=facts["scope"],
        findings=[inspecting.Seen(*each) for each in facts["findings"]],
        actor=stage.reviewer(),
        at=stage.at,
        uploads=[applications.scan("PAGE AS SEEN", step.key)] if facts["findings"] else (),
    )


def answer_inspection(stage: Stage, step: Step) -> None:
    inspecting.answer(
        inspection_id=stage.get(f"inspection:{step.key}"),
        merchant_id=stage.get(f"shop:{step.key}"),
        text=step.facts["text"],
        actor=stage.member(step.key),
        at=stage.at,
        uploads=[applications.scan("PAGE NOW", step.key)],
    )


def close_inspection(stage: Stage, step: Step) -> None:
    inspecting.close(
        inspection_id=stage.get(f"inspection:{step.key}"),
        verdicts=dict.fromkeys(_findings(stage, step), True),
        outcome=step.facts["outcome"],
        actor=stage.reviewer(),
        at=stage.at,
    )


def _findings(stage: Stage, step: Step) -> list[UUID]:
    held = Inspection.objects.get(pk=stage.get(f"inspection:{step.key}"))
    return list(held.findings.values_list("pk", flat=True))


def begin_disruption(stage: Stage, step: Step) -> None:
    facts = step.facts
    made = disruptions.begin(
        title=facts["title"],
        words=facts["words"],
        components=[Component(each) for each in facts["components"]],
        started_at=stage.at - timedelta(minutes=facts["noticed_after"]),
        actor=stage.reviewer(),
        at=stage.at,
    )
    stage.call(f"disruption:{step.key}", made.pk)


def update_disruption(stage: Stage, step: Step) -> None:
    disruptions.update(
        disruption_id=stage.get(f"disruption:{step.key}"),
        stage=Standing(step.facts["stage"]),
        words=step.facts["words"],
        actor=stage.reviewer(),
        at=stage.at,
    )
