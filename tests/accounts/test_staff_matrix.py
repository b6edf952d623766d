"""Each role against each page of the staff area: the table says who gets in, all else is refused."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.staff_roles import Role, all_acts, may
from catalog import schema_changes
from kernel.actor import Actor
from kernel.ids import new_id
from payments.models import ProviderStatement
from tests.accounts import staff_urls
from tests.builders import violations
from tests.builders.applications import a_handed_in_application
from tests.builders.campaigns import a_goods_campaign, entered
from tests.builders.cases import a_complaint_to_decide
from tests.builders.covers import a_cover, a_cover_claim
from tests.builders.guardians import a_family, a_proof
from tests.builders.inspections import an_inspection
from tests.builders.invoices import an_issued_invoice
from tests.builders.listing_reports import a_report
from tests.builders.messages import a_reported_message
from tests.builders.money import a_captured_payment, a_difference, a_dispute
from tests.builders.papers import a_document
from tests.builders.payouts import a_payout, a_rich_shop
from tests.builders.people import JOINED, a_buyer, a_staff, a_visitor
from tests.builders.placements import a_placement
from tests.builders.proofs import a_certificate, an_evaluation
from tests.builders.shops import LISTED, a_listing

pytestmark = pytest.mark.django_db

TABLE = tomllib.loads((Path(__file__).parent / "staff_matrix.toml").read_text(encoding="utf-8"))
REFUSED = (403, 404, 405)
# Their own door: what they answer is tested in test_staff_sessions.
DOORS = {"admin:login", "admin:logout", "staff:start", "staff:end"}


@pytest.fixture
def things():
    listing, case, covered = a_listing(), a_complaint_to_decide(), a_cover()
    applied = a_handed_in_application(applicant_id=a_buyer().subject_id, at=JOINED)
    change = schema_changes.begin(category="home", actor=Actor.staff(new_id()), at=LISTED)
    return {
        "merchants_application": applied.pk,
        "merchants_merchant": listing.merchant_id,
        "merchants_document": a_document(merchant=listing.merchant, at=JOINED).pk,
        "catalog_listing_": listing.pk,
        "catalog_certificate": a_certificate(listing.merchant, verified=False).pk,
        "catalog_listingreport": a_report(listing).pk,
        "oversight_matter": violations.a_report(listing).matter_id,
        "catalog_placement": a_placement(listing).pk,
        "catalog_evaluation": an_evaluation(listing).pk,
        "catalog_schema_begin": "home",
        "catalog_schema_export": "home",
        "catalog_schema_step": change.pk,
        "catalog_schema_decide": change.pk,
        "complaints_complaint": case.pk,
        "orders_coverclaim": a_cover_claim(covered, at=covered.bought_at + timedelta(days=2)).pk,
        "orders_invoicepaper": an_issued_invoice(case.order, at=case.opened_at).pk,
        "orders_messagereport": a_reported_message(case.order).pk,
        "merchants_inspection_": an_inspection(listing.merchant, at=LISTED).pk,
        "orders_campaignentry": entered(a_goods_campaign(), listing).pk,
        "payments_dispute": a_dispute(a_captured_payment(), at=LISTED).pk,
        "payments_payout_": a_payout(a_rich_shop(5_000_000)).pk,
        "payments_difference": (held := a_difference()).pk,
        "payments_providerstatement": ProviderStatement.objects.get(day=held.day).pk,
        "privacy_guardianlink": a_proof(*a_family()[1:]).pk,
    }


def found(client, things):
    """{"GET name", …} of what opens itself to this browser."""
    opened = set()
    for name, address in staff_urls.addresses(things):
        for method in ("GET", "POST"):
            if name not in DOORS and getattr(client, method.lower())(address).status_code not in REFUSED:
                opened.add(f"{method} {name}")
    return opened


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_in_where_the_table_says_and_nowhere_else(things, role):
    opened = found(a_staff(role).client, things)
    told = set(TABLE["everybody"]) | set(TABLE[role.value])
    assert sorted(opened - told) == [], "open, but not in the table"
    assert sorted(told - opened) == [], "in the table, but refused"


def test_the_table_has_a_line_for_each_role_and_nothing_else():
    assert set(TABLE) == {"everybody", "acts", *(role.value for role in Role)}


def test_every_act_stands_in_the_table_with_its_roles():
    assert TABLE["acts"] == {act: [role.value for role in Role if may(role, act)] for act in all_acts()}


def test_shoppers_visitors_and_staff_without_a_session_open_nothing(things):
    idle, start = a_staff(Role.AUDITOR, working=False).client, "/staff/start/"
    shopper, visitor = a_buyer().client, a_visitor().client
    for name, address in staff_urls.addresses(things):
        if name in DOORS:
            continue
        assert shopper.get(address).status_code == 404, name
        assert visitor.get(address)["Location"].startswith("/accounts/login/"), name
        assert idle.get(address)["Location"].startswith(start), name
        assert idle.post(address).status_code == 403, name


def test_what_stands_in_no_table_is_refused():
    for role in Role:
        for permission in (
            "orders.change_order",
            "orders.add_order",
            "x.view_x",
            "auth.view_group",
            "",
            "view",
        ):
            assert not may(role, permission), (role, permission)
