"""The column “who answers for it” tells the truth: a compared number, a test, else the seller."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from catalog import certificates, evaluations
from catalog.drafting import edit_draft
from catalog.models import Evaluation
from catalog.proof_kinds import EvaluatorKind, Scheme
from catalog.publishing import publish
from kernel import clock
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.proofs import DESK, FINDING, LAST_DAY, NUMBER, a_certificate
from tests.builders.shops import a_complete_draft, a_listing, a_merchant
from web import kept_pages

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
PLATFORM, LAB = "平台已核验", "检测机构"


@pytest.fixture(autouse=True)
def _an_empty_drawer():
    kept_pages.pages.empty()


def cell(listing, field, at=NOW):
    """A fact's row on the public page, as a visitor without a session reads it."""
    from catalog.schemas_by_version import schema_at

    content = listing.live_revision.content
    spec = schema_at(content["category"], content["schema_version"]).by_key[field]
    with clock.frozen(at):
        page = Client().get(reverse("catalog:product", args=[listing.pk])).content.decode()
    row = page.partition(f'<th scope="row">{spec.labels["zh-hans"]}')[2].partition("</tr>")[0]
    assert row, f"no row of {field}"
    return row


@pytest.fixture
def listing():
    draft = a_complete_draft("electronics", title="20000 mAh 充电宝")
    stated = {**draft["attributes"], "ccc_certificate": NUMBER, "rated_input": "5 V 3 A"}
    return a_listing(category="electronics", title="20000 mAh 充电宝", attributes=stated)


def a_test_of(listing, *fields, kind=EvaluatorKind.LABORATORY):
    given = {name: getattr(FINDING, name) for name in FINDING.__dataclass_fields__}
    finding = evaluations.Finding(**{**given, "evaluator_kind": kind, "confirms": fields})
    return evaluations.enter(listing_id=listing.pk, finding=finding, actor=DESK, at=NOW)


class TestACertificate:
    def test_stands_behind_the_number_that_it_bears_with_its_day_and_link(self, listing):
        assert "商家" in cell(listing, "ccc_certificate")
        a_certificate(listing.merchant, listing=listing)
        said = cell(listing, "ccc_certificate")
        assert PLATFORM in said and "2026-11-02" in said and 'href="https://example.com/check"' in said

    def test_of_another_number_another_scheme_or_not_yet_compared_stands_behind_nothing(self, listing):
        a_certificate(listing.merchant, listing=listing, number="2026010907999999")
        a_certificate(listing.merchant, listing=listing, scheme=Scheme.CQC)
        a_certificate(listing.merchant, listing=listing, verified=False)
        a_certificate(a_merchant())
        assert PLATFORM not in cell(listing, "ccc_certificate")

    def test_falls_back_by_itself_when_its_last_day_is_over(self, listing):
        a_certificate(listing.merchant, listing=listing)
        last = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 15, 59, tzinfo=UTC)
        assert PLATFORM in cell(listing, "ccc_certificate", last)
        assert PLATFORM not in cell(listing, "ccc_certificate", last + timedelta(minutes=2))

    def test_falls_back_when_staff_or_shop_take_it_back(self, listing):
        held = a_certificate(listing.merchant, listing=listing)
        assert PLATFORM in cell(listing, "ccc_certificate")
        certificates.refuse(certificate_id=held.pk, reason="不是这一款", actor=DESK, at=NOW)
        assert PLATFORM not in cell(listing, "ccc_certificate")

    def test_doesnt_reach_other_facts(self, listing):
        a_certificate(listing.merchant, listing=listing)
        assert PLATFORM not in cell(listing, "model")


class TestATest:
    def test_of_a_laboratory_stands_behind_the_facts_that_it_names(self, listing):
        a_test_of(listing, "rated_input")
        said = cell(listing, "rated_input")
        assert LAB in said and "2026-10-20" in said and 'href="https://example.com/report"' in said
        assert LAB not in cell(listing, "model")

    def test_no_longer_once_the_fact_has_changed(self, listing):
        a_test_of(listing, "rated_input")
        actor = Actor.member(new_id(), listing.merchant_id)
        edit_draft(
            listing_id=listing.pk, changes={"attributes": {"rated_input": "5 V 9 A"}}, actor=actor, at=NOW
        )
        publish(listing_id=listing.pk, actor=actor, at=NOW)
        assert LAB not in cell(listing, "rated_input")

    def test_nor_once_it_was_removed(self, listing):
        row = a_test_of(listing, "rated_input")
        assert LAB in cell(listing, "rated_input")
        evaluations.remove(evaluation_id=row.pk, reason="样品弄错了", actor=DESK, at=NOW)
        assert LAB not in cell(listing, "rated_input")

    @pytest.mark.parametrize(
        ("fields", "kind"),
        [
            (("no_such_fact",), EvaluatorKind.LABORATORY),
            (("rated_input",), EvaluatorKind.MAGAZINE),
        ],
    )
    def test_of_nobody_or_of_nothing_is_refused(self, listing, fields, kind):
        with pytest.raises(evaluations.NothingToConfirm, match=fields[0]):
            a_test_of(listing, *fields, kind=kind)
        assert Evaluation.objects.count() == 0


def test_the_database_lets_no_magazine_confirm_a_fact(listing):
    row = a_test_of(listing)
    columns = (
        "listing_id, evaluator, evaluator_kind, result, method, scope, tested_on, source_url, entered_at"
    )
    with (
        pytest.raises(IntegrityError, match="evaluation_confirms_fields_of_laboratories"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO catalog_evaluation (id, {columns}, entered_by, ended_by, ended_why, confirms)"
            " SELECT gen_random_uuid(), listing_id, evaluator, 'magazine', result, method, scope, tested_on,"
            " source_url, entered_at, '', '', '', '{\"model\": 1}' FROM catalog_evaluation WHERE id = %s",
            [row.pk],
        )
    assert date(2026, 10, 20) == row.tested_on
