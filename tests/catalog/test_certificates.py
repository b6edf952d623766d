"""Certificates count while staff have compared them; evaluations stand apart, each with its source."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from accounts.staff_roles import Role
from catalog import certificates, evaluations
from catalog.models import Certificate, Evaluation, Listing, ListingMove
from catalog.proof_kinds import Scheme
from deadlines import sweep
from deadlines.models import Deadline
from kernel.actor import Actor
from kernel.errors import IllegalMove, NotFound
from merchants import documents
from merchants.document_kinds import DocumentKind
from merchants.models import Document
from notifications.models import Letter
from outbox import relay
from tests.builders.people import a_member, a_staff, a_visitor
from tests.builders.proofs import DESK, FINDING, NUMBER, a_certificate
from tests.builders.shops import LISTED, a_listing, a_merchant, complete_attributes, the_schema
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db
OVER = datetime(2027, 1, 20, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _listed(platform_at):
    platform_at(LISTED)


@pytest.fixture
def shop():
    return a_merchant()


def a_charger(shop):
    """Goods that the law lets be sold only with a CCC certificate."""
    schema = the_schema_of(shop)
    answers = {**complete_attributes(schema), "ccc_scope": "yes", "ccc_certificate": NUMBER}
    return a_listing(merchant=shop, category="electronics", attributes=answers, title="充电器 20 W")


def the_schema_of(_shop):
    return the_schema("electronics")


def at_the_end(platform_at):
    platform_at(OVER)
    sweep.sweep_all()
    relay.drain_all()


class TestBadge:
    def test_it_shows_only_once_staff_compared_it(self, shop):
        charger = a_charger(shop)
        held = a_certificate(shop, listing=charger, verified=False)
        page = f"/p/{charger.pk}/proofs/"
        assert NUMBER not in a_visitor().client.get(page).content.decode()
        certificates.verify(certificate_id=held.pk, actor=DESK, at=LISTED)
        shown = a_visitor().client.get(page).content.decode()
        for part in (NUMBER, "中国质量认证中心", "https://example.com/check", "和本页写的编号一致"):
            assert part in shown

    def test_of_the_shop_stands_on_all_its_goods_and_on_nobody_else_s(self, shop):
        a_certificate(shop, scheme=Scheme.ISO9001, number="Q-1")
        mine, foreign = a_listing(merchant=shop), a_listing()
        assert [row.number for row in certificates.shown(mine, at=LISTED)] == ["Q-1"]
        assert certificates.shown(foreign, at=LISTED) == []

    def test_refused_says_why_and_never_counts(self, shop):
        held = a_certificate(shop, verified=False)
        with pytest.raises(certificates.RefusalUnexplained):
            certificates.refuse(certificate_id=held.pk, reason=" ", actor=DESK, at=LISTED)
        certificates.refuse(certificate_id=held.pk, reason="编号查不到", actor=DESK, at=LISTED)
        with pytest.raises(IllegalMove):
            certificates.verify(certificate_id=held.pk, actor=DESK, at=LISTED)
        assert Certificate.objects.get().state == "refused"

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"valid_until": date(2026, 11, 1)}, certificates.CertificateOver),
            ({"number": " "}, certificates.CertificateIncomplete),
            ({"issuer": ""}, certificates.CertificateIncomplete),
        ],
    )
    def test_what_cannot_count_is_not_kept(self, shop, changes, refusal):
        with pytest.raises(refusal):
            a_certificate(shop, **changes)
        assert not Certificate.objects.exists()

    def test_for_another_shop_s_listing(self, shop):
        with pytest.raises(NotFound):
            a_certificate(shop, listing=a_listing())


class TestEnd:
    def test_warned_60_days_before_and_by_letters_at_30_and_7(self, shop, platform_at):
        owner = a_member(shop)
        held = a_certificate(shop)
        clocks = {row.kind: row for row in Deadline.objects.filter(reference=held.pk)}
        assert clocks["catalog.certificate_warning"].due_at == OVER - timedelta(days=60)
        expiry = clocks["catalog.certificate_expiry"]
        assert (expiry.due_at, expiry.next_letter_at) == (OVER, OVER - timedelta(days=30))
        assert expiry.last_letter_at == OVER - timedelta(days=7)
        platform_at(OVER - timedelta(days=60))
        sweep.sweep_all()
        relay.drain_all()
        letters = Letter.objects.filter(kind="catalog.certificate_ending", subject_id=owner.subject_id)
        assert letters.count() == 1

    def test_expired_takes_its_badge_and_what_hangs_on_it(self, shop, platform_at):
        charger, cable = a_charger(shop), a_listing(merchant=shop, category="electronics")
        a_certificate(shop, listing=charger)
        at_the_end(platform_at)
        assert Certificate.objects.get().state == "expired"
        assert Listing.objects.get(pk=charger.pk).state == "withdrawn"
        assert Listing.objects.get(pk=cable.pk).state == "live"
        step = ListingMove.objects.get(listing=charger, name="take_down")
        assert (step.rule_id, NUMBER in step.reason) == ("cn.disclosure.ccc", True)

    def test_a_renewed_one_keeps_it_on_sale(self, shop, platform_at):
        charger = a_charger(shop)
        a_certificate(shop, listing=charger)
        a_certificate(shop, listing=charger, valid_until=date(2032, 1, 20))
        at_the_end(platform_at)
        assert Listing.objects.get(pk=charger.pk).state == "live"

    def test_an_ornament_takes_nothing_down(self, shop, platform_at):
        listing = a_listing(merchant=shop)
        a_certificate(shop, listing=listing, scheme=Scheme.GREEN)
        at_the_end(platform_at)
        assert Listing.objects.get(pk=listing.pk).state == "live"
        assert certificates.shown(Listing.objects.get(pk=listing.pk), at=OVER) == []

    def test_found_wrong_later_takes_it_down_at_once(self, shop):
        charger = a_charger(shop)
        held = a_certificate(shop, listing=charger)
        certificates.refuse(certificate_id=held.pk, reason="伪造", actor=DESK, at=LISTED)
        relay.drain_all()
        assert Listing.objects.get(pk=charger.pk).state == "withdrawn"
        assert not Deadline.objects.filter(reference=held.pk, state="open").exists()

    def test_a_lost_licence_takes_down_what_demands_it(self, shop):
        answers = {**complete_attributes(the_schema("food")), "food_kind": "packaged"}
        honey = a_listing(merchant=shop, category="food", attributes=answers)
        cup = a_listing(merchant=shop)
        licence = Document.objects.get(merchant=shop, kind=DocumentKind.FOOD_BUSINESS)
        documents.withdraw(document_id=licence.pk, merchant_id=shop.pk, actor=Actor.system(), at=LISTED)
        relay.drain_all()
        assert Listing.objects.get(pk=honey.pk).state == "withdrawn"
        assert Listing.objects.get(pk=cup.pk).state == "live"
        assert ListingMove.objects.get(listing=honey, name="take_down").rule_id == "cn.licence.food"


class TestPages:
    def test_the_shop_hands_in_and_takes_back(self, shop):
        owner, charger = a_member(shop), a_charger(shop)
        page = f"/merchant/{shop.slug}/certificates/"
        form = {
            "scheme": "ccc", "number": NUMBER, "issuer": "CQC", "code": charger.code,
            "valid_until": "2027-01-20", "file": a_jpeg_upload("3c.jpg"),
        }  # fmt: skip
        assert owner.client.post(page, {**form, "code": "没有"}).status_code == 422
        offered = owner.client.get(f"{page}?code={charger.code}").content.decode()
        assert f'<option value="{charger.code}">{charger.working_title}</option>' in offered
        assert f'value="{charger.code}" list="codes"' in offered
        assert owner.client.post(page, {**form, "file": a_jpeg_upload("3c.jpg")}).status_code == 303
        held = Certificate.objects.get()
        assert (held.listing_id, held.merchant_id) == (charger.pk, shop.pk)
        foreign = a_member(a_merchant())
        assert foreign.client.get(page).status_code == 404
        theirs = f"/merchant/{foreign.actor.merchant_id}/certificates/{held.pk}/withdrawal"
        assert foreign.client.post(theirs).status_code == 404
        assert owner.client.post(f"{page}{held.pk}/withdrawal").status_code == 303
        held.refresh_from_db()
        assert held.state == "withdrawn"

    def test_staff_compare_it(self, shop):
        held = a_certificate(shop, verified=False)
        clerk = a_staff(Role.CATALOGUE_DESK)
        assert clerk.client.get(f"/admin/catalog/certificate/{held.pk}/paper").status_code == 200
        clerk.client.post(f"/admin/catalog/certificate/{held.pk}/decision", {"decision": "verify"})
        held.refresh_from_db()
        assert held.state == "verified"


class TestEvaluations:
    def test_entered_shown_corrected_removed(self):
        listing = a_listing()
        page = f"/p/{listing.pk}/proofs/"
        first = evaluations.enter(listing_id=listing.pk, finding=FINDING, actor=DESK, at=LISTED)
        shown = a_visitor().client.get(page).content.decode()
        for part in ("上海市消费者权益保护委员会", "保温 6 小时", "GB/T 29606", "https://example.com/report"):
            assert part in shown
        better = evaluations.Finding(**{**_fields(FINDING), "result": "九项合格。"})
        second = evaluations.correct(
            evaluation_id=first.pk, finding=better, reason="机构更正了报告", actor=DESK, at=LISTED
        )
        assert [row.pk for row in evaluations.shown(listing.pk)] == [second.pk]
        with pytest.raises(evaluations.EvaluationEnded):
            evaluations.remove(evaluation_id=first.pk, reason="再来一次", actor=DESK, at=LISTED)
        with pytest.raises(evaluations.EvaluationIncomplete):
            evaluations.remove(evaluation_id=second.pk, reason="", actor=DESK, at=LISTED)
        evaluations.remove(evaluation_id=second.pk, reason="不是这件商品", actor=DESK, at=LISTED)
        assert evaluations.shown(listing.pk) == []
        assert Evaluation.objects.count() == 2

    @pytest.mark.parametrize("field", ["evaluator", "result", "method", "scope", "source_url"])
    def test_nothing_without_source_and_method(self, field):
        listing = a_listing()
        with pytest.raises(evaluations.EvaluationIncomplete):
            evaluations.enter(
                listing_id=listing.pk,
                finding=evaluations.Finding(**{**_fields(FINDING), field: " "}),
                actor=DESK,
                at=LISTED,
            )
        assert not Evaluation.objects.exists()

    def test_staff_enter_it_in_the_admin(self):
        listing, clerk = a_listing(), a_staff(Role.CATALOGUE_DESK)
        sent = {**_fields(FINDING), "listing": str(listing.pk), "tested_on": "2026-10-20"}
        clerk.client.post("/admin/catalog/evaluation/enter", sent)
        assert Evaluation.objects.get().listing_id == listing.pk

    def test_the_database_refuses_another_wording(self):
        row = evaluations.enter(listing_id=a_listing().pk, finding=FINDING, actor=DESK, at=LISTED)
        for sql in (
            "UPDATE catalog_evaluation SET result = '好' WHERE id = %s",
            "DELETE FROM catalog_evaluation WHERE id = %s",
        ):
            with (
                pytest.raises((InternalError, IntegrityError)),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql, [row.pk])


def _fields(finding):
    return {name: getattr(finding, name) for name in finding.__dataclass_fields__}
