"""A child, the grown-up who watches over it, and what shows that they do."""

from __future__ import annotations

from accounts.signing_in import create_account
from demo import applications
from demo.script import Step
from demo.stage import Stage
from privacy import guardian_proofs, guardians, minors
from privacy.models import AgeBand
from rulebook import texts


def declare_child(stage: Stage, step: Step) -> None:
    facts = step.facts
    user = create_account(
        email=facts["email"], display_name=facts["name"], password=None, locale="zh-hans", at=stage.at
    )
    stage.call(f"person:{step.key}", user.subject_id)
    actor = stage.buyer(step.key)
    minors.declare(subject_id=user.subject_id, band=AgeBand(facts["band"]), actor=actor, at=stage.at)


def become_guardian(stage: Stage, step: Step) -> None:
    """By the code that the child hands over."""
    guardian = stage.buyer(step.facts["guardian"])
    child = stage.buyer(step.key)
    _, code = guardians.invite(minor_id=stage.get(f"person:{step.key}"), actor=child, at=stage.at)
    link = guardians.accept(
        code=code,
        guardian_id=stage.get(f"person:{step.facts['guardian']}"),
        version=texts.current(guardians.TEXT, stage.at).version,
        language="zh-hans",
        actor=guardian,
        at=stage.at,
    )
    stage.call(f"guardianship:{step.key}", link.pk)


def hand_in_guardian_proof(stage: Stage, step: Step) -> None:
    guardian_proofs.hand_in(
        link_id=stage.get(f"guardianship:{step.key}"),
        upload=applications.scan("HOUSEHOLD REGISTER", step.key),
        actor=stage.buyer(step.facts["guardian"]),
        at=stage.at,
    )
