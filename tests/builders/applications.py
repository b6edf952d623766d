"""Applications for tests, brought to a state through the use cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.actor import Actor
from merchants import applying, handing_in, reviewing, training
from merchants.application_tasks import Task, tasks_for
from merchants.courses import course
from merchants.models import Application
from merchants.texts import TEXTS
from outbox import relay
from tests.builders.papers import DESK, a_credit_code
from tests.privacy.pictures import a_jpeg_upload

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
    return {side: a_jpeg_upload(f"{side}.jpg") for side in sides}


def right_answers(slug: str = "seller") -> dict[str, str]:
    found = course(slug)
    assert found is not None
    return {each.key: each.right for each in found.questions}


def an_open_application(
    *, applicant_id: UUID, at: datetime, kind: str = "company", without: tuple[Task, ...] = ()
) -> Application:
    """Begun, and every task complete but those `without`."""
    actor = Actor.buyer(applicant_id)
    application = applying.start(applicant_id=applicant_id, kind=kind, actor=actor, at=at)
    if Task.TRAINING not in without:
        training.take(subject_id=applicant_id, slug="seller", answers=right_answers(), at=at)
    for task in tasks_for(kind):
        if task not in without:
            applying.save(
                application_id=application.pk,
                task=task,
                answers=answers(task, kind=kind),
                uploads=pictures(task, kind),
                actor=actor,
                at=at,
            )
    return Application.objects.select_related("merchant").get(pk=application.pk)


def a_handed_in_application(*, applicant_id: UUID, at: datetime, kind: str = "company") -> Application:
    """Under review; the registers were asked and the files examined."""
    application = an_open_application(applicant_id=applicant_id, at=at, kind=kind)
    handing_in.hand_in(application_id=application.pk, actor=Actor.buyer(applicant_id), at=at)
    relay.drain_all()
    return Application.objects.select_related("merchant").get(pk=application.pk)


def an_admitted_application(*, applicant_id: UUID, at: datetime, kind: str = "company") -> Application:
    application = a_handed_in_application(applicant_id=applicant_id, at=at, kind=kind)
    reviewing.accept(application_id=application.pk, tasks=list(Task), actor=DESK, at=at)
    reviewing.approve(application_id=application.pk, reason="执照和身份都核对过。", actor=DESK, at=at)
    return Application.objects.select_related("merchant").get(pk=application.pk)
