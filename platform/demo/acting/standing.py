"""How people who apply get on, and what shops hold and are punished for."""

from __future__ import annotations

from datetime import timedelta

from catalog import certificates
from catalog.models import Certificate, Listing
from catalog.proof_kinds import Scheme
from demo import applications
from demo.content import Shop
from demo.script import Step
from demo.stage import Stage
from kernel.actor import Actor
from merchants import appeals, penalties, reviewing
from merchants.application_tasks import Task
from merchants.models import Application, MerchantMove


def begin(stage: Stage, step: Step) -> None:
    """Two tasks are complete; the others wait."""
    shop: Shop = step.facts["shop"]
    owner_id = stage.get(f"person:{step.facts['person']}")
    application = applications.open_one(shop, owner_id=owner_id, at=stage.at)
    applications.fill(application, shop, (Task.IDENTITY, Task.OWNER), at=stage.at, ends={})


def hand_in(stage: Stage, step: Step) -> None:
    shop: Shop = step.facts["shop"]
    owner_id = stage.get(f"person:{step.facts['person']}")
    merchant = applications.hand_in(shop, owner_id=owner_id, at=stage.at, ends={})
    stage.call(f"application:{step.key}", merchant.application.pk)
    if shop.goods:
        stage.call(f"owner:{shop.slug}", owner_id)
        stage.call(f"shop:{shop.slug}", merchant.pk)


def refuse(stage: Stage, step: Step) -> None:
    reviewing.refuse(
        application_id=stage.get(f"application:{step.key}"),
        reason=step.facts["reason"],
        actor=stage.reviewer(),
        at=stage.at,
    )


def appeal(stage: Stage, step: Step) -> None:
    application = Application.objects.get(pk=stage.get(f"application:{step.key}"))
    decision = MerchantMove.objects.get(merchant_id=application.merchant_id, name="refuse")
    appeals.file(
        merchant_id=application.merchant_id,
        about="application",
        reference=decision.pk,
        text=step.facts["text"],
        uploads=[applications.scan("SHOP SIGN", "SINCE 2019")],
        actor=Actor.member(application.applicant_id, application.merchant_id),
        at=stage.at,
    )


def hand_in_certificate(stage: Stage, step: Step) -> None:
    """The one whose number the listing states."""
    listing = Listing.objects.select_related("live_revision").get(pk=stage.get(f"goods:{step.key}"))
    number = listing.draft["attributes"]["ccc_certificate"]
    paper = certificates.Paper(
        scheme=Scheme.CCC,
        number=number,
        issuer="示例认证中心（演示）",
        file=applications.scan("CCC CERTIFICATE", number.partition("（")[0]),
        valid_until=stage.ends.date() + timedelta(days=400),
    )
    certificates.hand_in(
        merchant_id=listing.merchant_id,
        listing_id=listing.pk,
        paper=paper,
        actor=stage.member(step.key.partition("/")[0]),
        at=stage.at,
    )


def verify_certificate(stage: Stage, step: Step) -> None:
    held = Certificate.objects.get(listing_id=stage.get(f"goods:{step.key}"))
    certificates.verify(certificate_id=held.pk, actor=stage.reviewer(), at=stage.at)


def punish(stage: Stage, step: Step) -> None:
    """Noticed: the shop has its time to answer, and silence lets it take effect."""
    finding = penalties.Finding(
        rule_id="cn.return.window",
        facts=step.facts["facts"],
        reasons="屡次违反，按平台规则计分。",
        points=step.facts["points"],
    )
    merchant_id = stage.get(f"shop:{step.facts['shop']}")
    penalties.impose(merchant_id=merchant_id, finding=finding, actor=stage.reviewer(), at=stage.at)
