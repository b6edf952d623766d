"""Applications for tests, brought to a state through the use cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.actor import Actor
from merchants import applying, handing_in, reviewing, training
from merchants.application_tasks import Task, tasks_for
from merchants.courses import course
from merchants.models import Application, Merchant
from merchants.texts import TEXTS
from outbox import relay
from privacy import examining
from privacy.models import StoredFile
from tests.builders.papers import DESK, a_credit_code, a_scan

ID_NUMBER = "110101199003070011"
CARD = "6222020200112230004"
SHOP = "清川茶业有限公司"


def answers(task: Task, *, kind: str = "company", **changes: str) -> dict[str, str]:
    """Whole answers of a task; `changes` replace some of them."""
    person = kind == "private"
    found: dict[Task, dict[str, str]] = {
        Task.IDENTITY: {
            "kind": kind,
            "display_name": "清川茶行",
            "legal_name": "沈禾" if person else SHOP,
            "place": "CN",
            "number": ID_NUMBER if person else a_credit_code(),
            "valid_until": "",
            "address_public": "杭州市西湖区示例路 8 号",
            "declaration": "handicraft" if person else "",
        },
        Task.PERMITS: {"sells": "none"},
        Task.OWNER: {"name": "沈禾", "number": ID_NUMBER, "role": "shares"},
        Task.PAYOUT: {
            "holder": "沈禾" if person else SHOP,
            "bank": "示例银行",
            "number": CARD,
            "deposit": "on",
        },
        Task.RETURNS: {
            "recipient": "沈禾",
            "phone": "0571-8888 0000",
            "region": "浙江省杭州市西湖区",
            "address": "示例路 8 号",
        },
        Task.CONTACTS: {
            "contact_public": "0571-8888 0000",
            "contact_name": "沈禾",
            "contact_phone": "13800000000",
        },
        Task.CONTRACT: {text.key: text.version for text in TEXTS},
        Task.TRAINING: {},
    }
    return {**found[task], **changes}


def pictures(task: Task, kind: str = "company") -> dict[str, Any]:
    if task is not Task.IDENTITY:
        return {}
    sides = ["file", "back"] if kind == "private" else ["file"]
    return {side: a_scan(f"{side}.pdf") for side in sides}


def right_answers(slug: str = "seller") -> dict[str, str]:
    found = course(slug)
    assert found is not None
    return {each.key: each.right for each in found.questions}


def an_open_application(
    *,
    applicant_id: UUID,
    at: datetime,
    kind: str = "company",
    without: tuple[Task, ...] = (),
    facts: Mapping[str, str] | None = None,
) -> Application:
    """Begun, and every task complete but those `without`; `facts` replace answers of the same name."""
    actor = Actor.buyer(applicant_id)
    application = applying.start(applicant_id=applicant_id, kind=kind, actor=actor, at=at)
    if Task.TRAINING not in without:
        training.take(subject_id=applicant_id, slug="seller", answers=right_answers(), at=at)
    tasks = [task for task in tasks_for(kind) if task not in without]
    applying.save_all(
        application_id=application.pk,
        answers={task: _with(answers(task, kind=kind), facts or {}) for task in tasks},
        uploads={task: pictures(task, kind) for task in tasks},
        actor=actor,
        at=at,
    )
    return Application.objects.select_related("merchant").get(pk=application.pk)


def _with(found: dict[str, str], facts: Mapping[str, str]) -> dict[str, str]:
    known = {name: facts[name] for name in found if name in facts}
    # Whoever sells is whose account it is.
    return {**found, **known, **({"holder": facts["legal_name"]} if "holder" in found and facts else {})}


def handed_in(
    *, applicant_id: UUID, at: datetime, kind: str = "company", facts: Mapping[str, str] | None = None
) -> Application:
    """Under review, its files examined; the registers are asked when the outbox is drained."""
    application = an_open_application(applicant_id=applicant_id, at=at, kind=kind, facts=facts)
    handing_in.hand_in(application_id=application.pk, actor=Actor.buyer(applicant_id), at=at)
    for file_id in StoredFile.objects.filter(subject_id=application.merchant.subject_id).values_list(
        "pk", flat=True
    ):
        examining.examine(file_id=file_id, at=at)
    return Application.objects.select_related("merchant").get(pk=application.pk)


def a_handed_in_application(*, applicant_id: UUID, at: datetime, kind: str = "company") -> Application:
    """Under review; the registers were asked and the files examined."""
    application = handed_in(applicant_id=applicant_id, at=at, kind=kind)
    relay.drain_all()
    return application


def admitted(merchant: Merchant, *, at: datetime) -> Merchant:
    """Every task accepted, and the shop admitted by the desk."""
    application_id = merchant.application.pk
    reviewing.accept(application_id=application_id, tasks=list(Task), actor=DESK, at=at)
    return reviewing.approve(application_id=application_id, reason="执照和身份都核对过。", actor=DESK, at=at)


def an_admitted_application(*, applicant_id: UUID, at: datetime, kind: str = "company") -> Application:
    application = a_handed_in_application(applicant_id=applicant_id, at=at, kind=kind)
    admitted(application.merchant, at=at)
    return Application.objects.select_related("merchant").get(pk=application.pk)
