"""Half-yearly checks, changes with their legal clocks, and the line of petty traders."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.staff import Role
from deadlines.models import Deadline, State
from deadlines.sweep import sweep
from kernel import clock
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.ids import new_id
from merchants import petty_trade, rechecking, standing
from merchants.document_kinds import DocumentKind
from merchants.models import IdentityChange, Merchant, MerchantMove, PettySale
from merchants.moving import ReasonMissing
from notifications.models import Letter
from outbox import relay
from tests.builders.applications import an_admitted_application
from tests.builders.papers import DESK, a_document
from tests.builders.people import a_buyer, a_staff
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HALF_YEAR = datetime(2027, 5, 23, 16, 0, tzinfo=UTC)


@pytest.fixture
def person():
    return a_buyer("沈禾")


@pytest.fixture
def shop(person):
    found = an_admitted_application(applicant_id=person.subject_id, at=AT).merchant
    relay.drain_all()
    return found


def state(shop):
    return Merchant.objects.get(pk=shop.pk).state


def due(platform_at, instant):
    platform_at(instant)
    sweep()
    relay.drain_all()


def report(shop, at=AT, on=None, **fields):
    return rechecking.report_change(
        merchant_id=shop.pk, fields=fields, changed_on=on or at.date(), actor=Actor.system(), at=at
    )


class TestHalfYear:
    def test_confirmed_and_agreed_the_next_half_year_begins(self, shop):
        assert Deadline.objects.get(kind="merchants.recheck").due_at == HALF_YEAR
        later = AT + timedelta(days=150)
        rechecking.confirm(merchant_id=shop.pk, actor=Actor.system(), at=later)
        with clock.frozen(later):
            relay.drain_all()
        shop.refresh_from_db()
        assert shop.verified_at == later
        running = Deadline.objects.get(kind="merchants.recheck", state=State.OPEN)
        assert running.due_at > HALF_YEAR
        assert running.rule_id == "cn.kyc.recheck"

    def test_silence_restricts_and_confirming_lifts_it(self, shop, platform_at):
        due(platform_at, HALF_YEAR - timedelta(seconds=1))
        assert state(shop) == "trading"
        due(platform_at, HALF_YEAR)
        assert state(shop) == "restricted"
        why = MerchantMove.objects.filter(merchant=shop).latest("at")
        assert (why.name, why.rule_id, why.actor) == ("restrict", "cn.kyc.recheck", "system")
        assert Letter.objects.filter(kind="merchants.identity_restricted").exists()
        rechecking.confirm(merchant_id=shop.pk, actor=Actor.system(), at=HALF_YEAR)
        relay.drain_all()
        assert state(shop) == "trading"

    def test_another_restriction_is_not_lifted_by_it(self, shop):
        standing.restrict(merchant_id=shop.pk, reason="刷单", rule_id="cn.fraud", actor=DESK, at=AT)
        rechecking.confirm(merchant_id=shop.pk, actor=Actor.system(), at=AT)
        relay.drain_all()
        assert state(shop) == "restricted"

    def test_a_register_that_disagrees_asks_for_the_change(self, shop, platform_at):
        a_document(merchant=shop, at=AT, kind=DocumentKind.PUBLICATION, number="CB404")
        rechecking.confirm(merchant_id=shop.pk, actor=Actor.system(), at=AT)
        with clock.frozen(AT):
            relay.drain_all()
        asked = Deadline.objects.get(kind="merchants.change_report")
        # Monday: Tuesday to Thursday are the three working days.
        assert asked.due_at == datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
        due(platform_at, asked.due_at)
        assert state(shop) == "restricted"

    def test_a_register_that_is_away_decides_nothing(self, shop, settings):
        settings.SANDBOX = False
        before, desk = Deadline.objects.get(kind="merchants.recheck").due_at, a_staff(Role.MERCHANT_DESK)
        rechecking.confirm(merchant_id=shop.pk, actor=Actor.system(), at=AT + timedelta(days=9))
        relay.drain_all()
        assert Deadline.objects.get(kind="merchants.recheck", state=State.OPEN).due_at == before
        assert (
            Letter.objects.filter(kind="merchants.compare_by_hand", subject_id=desk.subject_id).count() == 1
        )
        with pytest.raises(ReasonMissing):
            rechecking.pass_by_hand(merchant_id=shop.pk, reason=" ", actor=DESK, at=AT + timedelta(days=9))
        said = "对照了营业执照原件的照片。"
        rechecking.pass_by_hand(merchant_id=shop.pk, reason=said, actor=DESK, at=AT + timedelta(days=9))
        assert Deadline.objects.get(kind="merchants.recheck", state=State.OPEN).due_at > before


class TestChange:
    def test_reported_checked_and_shown_with_its_day(self, shop):
        change = report(shop, address_public="杭州市余杭区新路 1 号", on=date(2026, 11, 20))
        assert not change.late
        shown_by = Deadline.objects.get(kind="merchants.change_shown")
        assert (shown_by.rule_id, shown_by.owner) == ("cn.merchant.change_shown", "platform")
        assert shown_by.due_at == datetime(2026, 12, 2, 16, 0, tzinfo=UTC)
        shop.refresh_from_db()
        assert shop.address_public == "杭州市西湖区示例路 8 号", "not before somebody has checked it"
        rechecking.show_change(change_id=change.pk, actor=DESK, at=AT)
        shop.refresh_from_db()
        assert shop.address_public == "杭州市余杭区新路 1 号"
        with pytest.raises(IllegalMove):
            rechecking.show_change(change_id=change.pk, actor=DESK, at=AT)

    def test_three_working_days_then_it_is_late(self, shop):
        # Wednesday the 18th: Thursday, Friday and Monday count.
        in_time = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)
        assert not report(shop, at=in_time, contact_public="0571-1", on=date(2026, 11, 18)).late
        IdentityChange.objects.update(state="shown", decided_at=AT)
        late = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
        assert report(shop, at=late, contact_public="0571-2", on=date(2026, 11, 18)).late

    @pytest.mark.parametrize(
        ("fields", "on", "refusal"),
        [
            ({}, AT.date(), rechecking.NothingChanged),
            ({"slug": "x"}, AT.date(), rechecking.NothingChanged),
            ({"legal_name": " "}, AT.date(), rechecking.FieldEmpty),
            ({"legal_name": "新名"}, date(2026, 11, 24), rechecking.ChangeInFuture),
        ],
    )
    def test_what_is_no_change_is_refused(self, shop, fields, on, refusal):
        with pytest.raises(refusal):
            report(shop, on=on, **fields)
        assert not IdentityChange.objects.exists()

    def test_one_at_a_time_and_refused_with_a_reason(self, shop):
        change = report(shop, contact_public="0571-1")
        with pytest.raises(rechecking.ChangeWaits):
            report(shop, contact_public="0571-2")
        with pytest.raises(ReasonMissing):
            rechecking.refuse_change(change_id=change.pk, reason="", actor=DESK, at=AT)
        rechecking.refuse_change(change_id=change.pk, reason="号码是空号。", actor=DESK, at=AT)
        shop.refresh_from_db()
        assert shop.contact_public == "0571-8888 0000"

    def test_seven_days_of_silence_lead_to_a_senior(self, shop, platform_at):
        senior = a_staff(Role.SENIOR)
        change = report(shop, contact_public="0571-1")
        due(platform_at, datetime(2026, 12, 2, 16, 0, tzinfo=UTC))
        change.refresh_from_db()
        assert change.overdue_at is not None
        assert Letter.objects.filter(subject_id=senior.subject_id, kind="merchants.review_overdue").exists()

    @pytest.mark.parametrize(
        ("sql", "rule"),
        [
            ("UPDATE merchants_identitychange SET state = 'x'", "identity_change_"),
            ("UPDATE merchants_identitychange SET state = 'refused', decided_at = now()", "says_why"),
            ("UPDATE merchants_identitychange SET state = 'shown'", "says_when"),
        ],
    )
    def test_the_database_refuses_what_cannot_be(self, shop, sql, rule):
        report(shop, contact_public="0571-1")
        with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


class TestPettyTrade:
    @pytest.fixture
    def shop(self, person):
        kind = "private"
        return an_admitted_application(applicant_id=person.subject_id, at=AT, kind=kind).merchant

    def sell(self, shop, yuan, reference=None):
        reference = reference or new_id()
        petty_trade.note_sale(merchant_id=shop.pk, reference=reference, amount_minor=yuan * 100, at=AT)
        return reference

    def letters(self):
        found = Letter.objects.filter(kind__startswith="merchants.petty").order_by("id")
        return list(found.values_list("kind", flat=True))

    def test_warned_near_the_line_asked_above_it_each_once(self, shop):
        self.sell(shop, 79_999)
        assert self.letters() == []
        self.sell(shop, 1)
        assert self.letters() == ["merchants.petty_near"]
        self.sell(shop, 20_000)
        assert petty_trade.sold_in(shop, 2026) == petty_trade.line(AT) == 10_000_000
        assert self.letters() == ["merchants.petty_near"], "up to the line needs no licence"
        self.sell(shop, 1)
        self.sell(shop, 1)
        assert self.letters() == ["merchants.petty_near", "merchants.petty_above"]
        assert Deadline.objects.filter(kind="merchants.petty_licence").count() == 1

    def test_an_order_counts_once_and_a_company_not_at_all(self, shop):
        reference = self.sell(shop, 100)
        self.sell(shop, 100, reference)
        assert petty_trade.sold_in(shop, 2026) == 10_000
        company = a_merchant(at=AT)
        self.sell(company, 900_000)
        assert PettySale.objects.count() == 1

    def test_without_a_licence_restricted_with_one_free(self, shop, platform_at):
        self.sell(shop, 100_001)
        clock_row = Deadline.objects.get(kind="merchants.petty_licence")
        due(platform_at, clock_row.due_at)
        assert state(shop) == "restricted"
        a_document(merchant=shop, at=clock_row.due_at, kind=DocumentKind.BUSINESS_LICENCE, valid_until=None)
        relay.drain_all()
        shop.refresh_from_db()
        assert (shop.state, shop.kind) == ("trading", "sole_trader")

    def test_a_paid_order_is_counted(self, shop):
        from tests.builders.orders import an_order
        from tests.builders.shops import a_listing

        an_order(listing=a_listing(merchant=shop))
        relay.drain_all()
        assert PettySale.objects.filter(merchant=shop).count() == 1


class TestPages:
    @pytest.fixture(autouse=True)
    def now(self):
        with clock.frozen(AT):
            yield

    def test_confirm_report_and_show(self, shop, person):
        page = f"/merchant/{shop.slug}/identity/"
        assert "沈禾" not in person.client.get(page).content.decode()
        assert person.client.post(page + "confirmation").status_code == 303
        fields = {"legal_name": shop.legal_name, "licence_number": shop.licence_number}
        given = {
            **fields,
            "address_public": "新路 1 号",
            "contact_public": "0571",
            "changed_on": "2026-11-21",
        }
        assert person.client.post(page, {**given, "changed_on": "2026-12-01"}).status_code == 422
        assert person.client.post(page, given).status_code == 303
        change = IdentityChange.objects.get()
        desk = a_staff(Role.MERCHANT_DESK).client
        staff_page = f"/admin/merchants/identitychange/{change.pk}/"
        assert "新路 1 号" in desk.get(staff_page + "change/").content.decode()
        desk.post(staff_page + "decision", {"decision": "show"})
        shop.refresh_from_db()
        assert shop.address_public == "新路 1 号"
        assert "已公示" in person.client.get(page).content.decode()
