"""People join, shops are admitted, goods go on sale."""

from __future__ import annotations

from datetime import date, timedelta

from accounts import staff, staff_factors
from accounts.signing_in import create_account
from catalog import reviewing, sets, submitting
from catalog.drafting import create_listing
from demo import applications
from demo.content import Goods, Shop
from demo.script import Step
from demo.sign_ins import OWNERS, PASSWORD, SHOPPERS
from demo.stage import Stage
from notifications import addressees
from payments.deposits import calling, paying_in, shown
from payments.sandbox import straight

Role = staff.Role
# Shop → days after the end of the demonstration at which its permit ends.
ENDING = {"caoyuan-pantry": 6, "lanpu-books": 25}
# Two people, so that what takes two can be tried.
STAFF = (
    (
        *(Role.SECURITY_OFFICER, Role.PRIVACY_OFFICER, Role.LAW_EDITOR, Role.SENIOR, Role.MONEY_DESK),
        *(Role.MERCHANT_DESK, Role.CATALOGUE_DESK, Role.AUDITOR),
    ),
    (
        Role.REVIEWER,
        Role.MERCHANT_DESK,
        Role.CATALOGUE_DESK,
        Role.MONEY_DESK,
        Role.LAW_EDITOR,
        Role.SECURITY_OFFICER,
    ),
)


def hire(stage: Stage, step: Step) -> None:
    """Both come before anybody could appoint them; the first one holds most desks, the other one reviews."""
    person = step.facts["person"]
    user = create_account(
        email=person["email"],
        display_name=person["name"],
        password=PASSWORD,
        locale=person["locale"],
        at=stage.at,
    )
    for role in STAFF[0 if person == stage.content.staff[0] else 1]:
        staff.appoint_first(user_id=user.pk, role=role, at=stage.at)
    staff_factors.enrol_app(user)
    stage.call(f"person:{step.key}", user.subject_id)


def join(stage: Stage, step: Step) -> None:
    """Only those whose sign-in is printed get a password; the others would ask for one by mail."""
    person = step.facts["person"]
    user = create_account(
        email=person["email"],
        display_name=person["display_name"],
        password=PASSWORD if step.key in SHOPPERS else None,
        locale=person["locale"],
        at=stage.at,
    )
    addressees.record(subject_id=user.subject_id, phone=person["phone"], at=stage.at)
    stage.call(f"person:{step.key}", user.subject_id)


def apply(stage: Stage, step: Step) -> None:
    shop: Shop = step.facts["shop"]
    facts = shop.facts
    owner = create_account(
        email=facts["email"],
        display_name=facts["owner_name"],
        password=PASSWORD if shop.slug in OWNERS else None,
        at=stage.at,
    )
    merchant = applications.hand_in(shop, owner_id=owner.subject_id, at=stage.at, ends=_ends(shop, stage))
    stage.call(f"owner:{shop.slug}", owner.subject_id)
    stage.call(f"shop:{shop.slug}", merchant.pk)
    stage.call(f"application:{shop.slug}", merchant.application.pk)


def _ends(shop: Shop, stage: Stage) -> dict[str, date]:
    """Two permits end soon after the demonstration, so that their warnings can be seen."""
    days = ENDING.get(shop.slug, 900)
    return {kind: stage.ends.date() + timedelta(days=days) for kind in applications.permits_of(shop)}


def approve(stage: Stage, step: Step) -> None:
    application_id = stage.get(f"application:{step.key}")
    merchant = applications.admit(application_id, actor=stage.reviewer(), at=stage.at)
    calling.review(merchant.pk, at=stage.at)
    if shown.due(merchant.pk) is not None:
        payment = paying_in.by_provider(merchant_id=merchant.pk, actor=stage.member(step.key), at=stage.at)
        straight.pay(payment.number, at=stage.at)


def list_goods(stage: Stage, step: Step) -> None:
    goods: Goods = step.facts["goods"]
    actor = stage.member(goods.shop)
    listing = create_listing(
        merchant_id=stage.get(f"shop:{goods.shop}"),
        category=goods.category,
        code=goods.code,
        changes={**goods.changes, **_freight(stage, step)},
        stock=goods.stock,
        actor=actor,
        at=stage.at,
    )
    stage.call(f"goods:{goods.key}", listing.pk)
    if not goods.draft:
        submission = submitting.submit(listing_id=listing.pk, actor=actor, at=stage.at)
        if submission.is_open:
            reviewing.approve(submission_id=submission.pk, actor=stage.reviewer(), at=stage.at)


def _freight(stage: Stage, step: Step) -> dict[str, object]:
    """By a template of the shop where the script names one; else the fixed sum of the goods."""
    if step.facts["freight"] is None:
        return {}
    template, grams = step.facts["freight"]
    weight = {"weight_grams": grams} if grams else {}
    return {"freight_template": str(stage.get(f"freight:{template}")), **weight}


def put_together(stage: Stage, step: Step) -> None:
    """A set of the shop's own goods."""
    told, slug = step.facts["told"], step.key
    members = [(stage.get(f"goods:{slug}/{code}"), number) for code, number in told["members"]]
    written = sets.Written(told["title"], members, told["price_minor"])
    merchant_id = stage.get(f"shop:{slug}")
    sets.put_together(merchant_id=merchant_id, written=written, actor=stage.member(slug), at=stage.at)
