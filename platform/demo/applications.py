"""A whole application as a made-up shop hands it in: every task answered, its papers drawn."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts import verifiers
from demo.content import Shop
from kernel.actor import Actor
from merchants import applying, handing_in, reviewing, training
from merchants.application_tasks import Task, tasks_for
from merchants.document_kinds import DocumentKind
from merchants.models import Application, Merchant
from merchants.texts import TEXTS

# The permit's number is made up like everything else; its form is that of a real one.
NUMBERS = {DocumentKind.FOOD_BUSINESS: "JY13301060{:06d}", DocumentKind.PUBLICATION: "DEMO-CB-{:06d}"}
ISSUER = "示例市场监督管理局（演示）"


def open_one(shop: Shop, *, owner_id: UUID, at: datetime) -> Application:
    """Begun, the quiz passed."""
    actor = Actor.buyer(owner_id)
    pass_quiz(owner_id, at=at)
    kind = shop.facts.get("kind", "company")
    return applying.start(applicant_id=owner_id, kind=kind, slug=shop.slug, actor=actor, at=at)


def hand_in(shop: Shop, *, owner_id: UUID, at: datetime, ends: Mapping[str, date]) -> Merchant:
    """Everything answered and handed in; `ends` says until when a permit of a kind is valid."""
    application = open_one(shop, owner_id=owner_id, at=at)
    fill(application, shop, tasks_for(application.merchant.kind), at=at, ends=ends)
    return handing_in.hand_in(application_id=application.pk, actor=Actor.buyer(owner_id), at=at)


def fill(
    application: Application, shop: Shop, tasks: tuple[Task, ...], *, at: datetime, ends: Mapping[str, date]
) -> None:
    said = {task: words for task, words in _answers(shop, at, ends).items() if task in tasks}
    papers: dict[Task, Mapping[str, Any]] = {Task.IDENTITY: _identity_papers(shop)}
    if permits := said.get(Task.PERMITS, {}).get("number"):
        papers[Task.PERMITS] = {"file": scan("PERMIT", permits)}
    applying.save_all(
        application_id=application.pk,
        answers=said,
        uploads={task: papers[task] for task in papers if task in said},
        actor=Actor.buyer(application.applicant_id),
        at=at,
    )


def admit(application_id: UUID, *, actor: Actor, at: datetime) -> Merchant:
    """The desk accepts each task and admits the shop."""
    tasks = tasks_for(Application.objects.select_related("merchant").get(pk=application_id).merchant.kind)
    reviewing.accept(application_id=application_id, tasks=list(tasks), actor=actor, at=at)
    return reviewing.approve(
        application_id=application_id, reason="执照、许可和身份都核对过。", actor=actor, at=at
    )


def pass_quiz(subject_id: UUID, *, at: datetime) -> None:
    questions = training.named(training.SELLER).questions
    right = {each.key: each.right for each in questions}
    training.take(subject_id=subject_id, slug=training.SELLER, answers=right, at=at)


def permits_of(shop: Shop) -> list[str]:
    """The kinds of documents without which the shop's goods may not be sold."""
    return sorted({kind for goods in shop.goods for kind in goods.licences})


def _answers(shop: Shop, at: datetime, ends: Mapping[str, date]) -> dict[Task, dict[str, str]]:
    facts = shop.facts
    owner, phone = facts["owner_name"], facts["contact_public"].partition(" ")[0]
    return {
        Task.IDENTITY: {
            "kind": facts.get("kind", "company"),
            "place": facts["place"],
            "display_name": facts["names"]["zh-hans"],
            "legal_name": facts["legal_name"],
            "number": facts.get("licence_number") or identity_number(shop.slug, at.date()),
            "valid_until": "",
            "address_public": facts["address_public"],
            "declaration": facts.get("declaration", ""),
        },
        Task.PERMITS: _permit(shop, ends),
        Task.OWNER: {"name": owner, "number": identity_number(shop.slug, at.date()), "role": "shares"},
        Task.PAYOUT: {
            "holder": facts["legal_name"],
            "bank": "示例银行（演示）",
            "number": account_number(shop.slug),
            "deposit": "on",
        },
        Task.RETURNS: {
            "recipient": owner,
            "phone": phone,
            "region": facts["region"],
            "address": facts["address_public"],
        },
        Task.CONTACTS: {
            "contact_public": facts["contact_public"],
            "contact_name": owner,
            "contact_phone": phone,
        },
        Task.CONTRACT: {text.key: text.version for text in TEXTS},
        Task.TRAINING: {},
    }


def _permit(shop: Shop, ends: Mapping[str, date]) -> dict[str, str]:
    """At most one kind is demanded of each of these shops."""
    kinds = permits_of(shop)
    if not kinds:
        return {"sells": "none"}
    (kind,) = kinds
    number = NUMBERS[DocumentKind(kind)].format(int(_digits("", shop.slug, 6)))
    until = ends[kind].isoformat() if kind in ends else ""
    return {"sells": "some", "kind": kind, "number": number, "issuer": ISSUER, "valid_until": until}


def identity_number(name: str, day: date) -> str:
    """A number that nobody has: an area that doesn't exist, the right last character."""
    first = f"99010119800101{_digits('', name, 3)}"
    return next(first + last for last in "0123456789X" if verifiers.is_identity_number(first + last, on=day))


def account_number(name: str) -> str:
    """A card that nobody has, its check digit right."""
    first = _digits("6222", name, 12)
    return next(first + last for last in "0123456789" if verifiers.is_account_number(first + last))


def _identity_papers(shop: Shop) -> Mapping[str, Any]:
    if shop.facts.get("kind") == "private":
        return {side: scan("IDENTITY CARD", shop.slug) for side in ("file", "back")}
    return {"file": scan("BUSINESS LICENCE", shop.facts["licence_number"])}


def _digits(prefix: str, name: str, length: int) -> str:
    """Digits that belong to a name; none of the endings that the sandbox's registers answer by rule."""
    found = 1
    for character in name:
        found = (found * 31 + ord(character)) % 10**length
    return prefix + str(found - found % 100 + 88).zfill(length)[-length:]


@cache
def _drawn(title: str, number: str) -> bytes:
    picture = Image.new("RGB", (640, 440), "#fbf7ec")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((16, 16, 623, 423), outline="#b08d3c", width=4)
    pen.text((320, 90), "ANXIN DEMO", fill="#8a6d2a", anchor="mm", font_size=22)
    pen.text((320, 160), title, fill="#1f2a26", anchor="mm", font_size=40)
    pen.text((320, 240), number, fill="#1f2a26", anchor="mm", font_size=28)
    pen.text((320, 340), "Made up. Not a document.", fill="#8a2f2a", anchor="mm", font_size=20)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def scan(title: str, number: str) -> SimpleUploadedFile:
    """A picture that says of itself that it's none of a real document."""
    name = f"{title.lower().replace(' ', '-')}.png"
    return SimpleUploadedFile(name, _drawn(title, number), content_type="image/png")
