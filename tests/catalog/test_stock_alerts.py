"""Told once, in the order of asking, when it is back: over HTTP, by the worker, by the database's rules."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import publishing, stock, stock_alerts, suspension, tasks
from catalog.models import Reservation, Stock, StockAlert
from catalog.stock_alerts import InStockNow, TooManyAlerts
from kernel.actor import Actor
from kernel.errors import NotFound
from merchants import standing
from notifications.models import Letter, Mute
from notifications.rendering import words_of
from privacy import copy_parts, erasure
from tests.builders.orders import an_order, drain
from tests.builders.people import a_buyer, a_visitor
from tests.builders.shops import a_listing
from tests.builders.variants import a_listing_with_variants, variants_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SYSTEM = Actor.system()
WORDS = "只写一次"


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)


@pytest.fixture
def pot():
    return a_listing(stock=0)


def waits(person, listing, *, at=NOW, variant_id=None):
    return stock_alerts.ask(
        variant_id=variant_id or listing.pk, language="zh-hans", actor=person.actor, at=at
    )


def back(listing, quantity=3):
    stock.add(variant_id=listing.pk, quantity=quantity, actor=SYSTEM, at=NOW, reason="delivery")


def letters(*persons):
    rows = Letter.objects.filter(kind=stock_alerts.LETTER).order_by("created_at", "id")
    return [row.subject_id for row in rows if not persons or row.subject_id in persons]


class TestJourney:
    def test_asked_on_the_page_told_by_letter(self, pot):
        person = a_buyer()
        said = person.client.get(f"/p/{pot.pk}/").content.decode()
        assert "到货告诉我" in said and WORDS in said
        told = {"listing": str(pot.pk), "variant": str(pot.pk)}
        answer = person.client.post("/alerts/", told)
        assert (answer.status_code, answer["Location"]) == (303, "/wishes/#waiting")
        shown = person.client.get("/wishes/").content.decode()
        alert = StockAlert.objects.get()
        assert f'action="/alerts/{alert.pk}/"' in shown and alert.expires_at == NOW + timedelta(days=90)
        assert (alert.text_version, alert.language) == (1, "zh-hans")
        assert tasks.tell_who_waits() == 0
        back(pot)
        assert tasks.tell_who_waits() == 1
        letter = Letter.objects.get(kind=stock_alerts.LETTER)
        words = words_of(letter)
        assert letter.subject_id == person.subject_id
        assert words.title == "到货了：月白釉手作横手急须 480 ml"
        assert words.path == f"/p/{pot.pk}/?variant={pot.pk}"
        assert f'action="/alerts/{alert.pk}/"' not in person.client.get("/wishes/").content.decode()

    def test_one_press_ends_it(self, pot):
        person = a_buyer()
        alert = waits(person, pot)
        assert person.client.post(f"/alerts/{alert.pk}/").status_code == 303
        back(pot)
        assert tasks.tell_who_waits() == 0 and letters() == []
        assert person.client.post(f"/alerts/{alert.pk}/").status_code == 303
        assert StockAlert.objects.get().state == "ended"

    def test_what_is_in_stock_offers_no_alert(self):
        listing, person = a_listing(), a_buyer()
        assert "到货告诉我" not in person.client.get(f"/p/{listing.pk}/").content.decode()
        with pytest.raises(InStockNow):
            waits(person, listing)
        assert not StockAlert.objects.exists()

    def test_a_visitor_signs_in_first(self, pot):
        visitor = a_visitor()
        assert "要先登录" in visitor.client.get(f"/p/{pot.pk}/").content.decode()
        answer = visitor.client.post("/alerts/", {"listing": str(pot.pk), "variant": str(pot.pk)})
        assert answer.status_code == 303 and f"/p/{pot.pk}/" in answer["Location"]
        assert not StockAlert.objects.exists()

    def test_the_variant_counts_and_not_its_neighbour(self):
        listing = a_listing_with_variants()
        rows = variants_of(listing)
        for row in rows.values():
            stock.count(variant_id=row.pk, on_hand=0, actor=SYSTEM, at=NOW)
        person = a_buyer()
        waits(person, listing, variant_id=rows["black_large"].pk)
        stock.count(variant_id=rows["white_small"].pk, on_hand=2, actor=SYSTEM, at=NOW)
        assert tasks.tell_who_waits() == 0
        stock.count(variant_id=rows["black_large"].pk, on_hand=2, actor=SYSTEM, at=NOW)
        assert tasks.tell_who_waits() == 1
        assert "墨黑" in words_of(Letter.objects.get(kind=stock_alerts.LETTER)).title


class TestTell:
    def test_in_the_order_of_asking_and_never_twice(self, pot):
        first, second, third = a_buyer(), a_buyer(), a_buyer()
        waits(second, pot, at=NOW - timedelta(hours=2))
        waits(third, pot, at=NOW - timedelta(hours=1))
        waits(first, pot, at=NOW - timedelta(hours=3))
        back(pot)
        assert stock_alerts.tell(at=NOW, limit=2) == 2
        assert letters() == [first.subject_id, second.subject_id]
        assert stock_alerts.tell(at=NOW, limit=2) == 1
        assert letters() == [first.subject_id, second.subject_id, third.subject_id]
        stock.count(variant_id=pot.pk, on_hand=0, actor=SYSTEM, at=NOW)
        back(pot)
        assert stock_alerts.tell(at=NOW) == 0 and len(letters()) == 3
        assert not Stock.objects.filter(came_back=True).exists()

    def test_pieces_given_back_count_too(self):
        listing, person = a_listing(stock=1), a_buyer()
        an_order(listing=listing, paid=False)
        waits(person, listing)
        stock.release(reference=Reservation.objects.get().reference, at=NOW)
        assert stock_alerts.tell(at=NOW) == 1

    def test_gone_again_before_the_worker_came_waits_on(self, pot):
        waits(a_buyer(), pot)
        back(pot)
        stock.count(variant_id=pot.pk, on_hand=0, actor=SYSTEM, at=NOW)
        assert stock_alerts.tell(at=NOW) == 0
        back(pot)
        assert stock_alerts.tell(at=NOW) == 1

    def test_not_for_what_was_taken_down_but_once_it_is_on_sale_again(self, pot):
        person = a_buyer()
        waits(person, pot)
        publishing.withdraw(listing_id=pot.pk, actor=SYSTEM, at=NOW)
        back(pot)
        assert stock_alerts.tell(at=NOW) == 0
        publishing.publish(listing_id=pot.pk, actor=SYSTEM, at=NOW)
        drain(at=NOW)
        assert stock_alerts.tell(at=NOW) == 1

    def test_not_for_a_shop_that_may_not_sell_but_once_it_may(self, pot):
        waits(a_buyer(), pot)
        standing.suspend(
            merchant_id=pot.merchant_id, reason="核查", rule_id="cn.ecommerce", actor=SYSTEM, at=NOW
        )
        back(pot)
        assert stock_alerts.tell(at=NOW) == 0
        standing.restore(merchant_id=pot.merchant_id, reason="查清了", actor=SYSTEM, at=NOW)
        drain(at=NOW)
        assert stock_alerts.tell(at=NOW) == 1

    def test_an_hour_after_its_end_nobody_is_told(self, pot):
        waits(a_buyer(), pot)
        back(pot)
        assert stock_alerts.tell(at=NOW + timedelta(days=90)) == 0 and letters() == []

    def test_who_wants_no_such_mail_has_it_in_the_inbox_only(self, pot):
        person = a_buyer()
        Mute.objects.create(subject_id=person.subject_id, kind=stock_alerts.LETTER, since=NOW)
        waits(person, pot)
        back(pot)
        stock_alerts.tell(at=NOW)
        letter = Letter.objects.get(kind=stock_alerts.LETTER)
        assert set(letter.deliveries.values_list("channel", flat=True)).isdisjoint({"email", "sms"})


class TestAsk:
    def test_twice_is_once(self, pot):
        person = a_buyer()
        assert waits(person, pot) == waits(person, pot, at=NOW + timedelta(hours=1))

    def test_not_for_drafts_suspended_or_unknown_things(self, pot):
        person = a_buyer()
        draft = a_listing(live=False, stock=0)
        suspension.suspend(
            listing_id=pot.pk, reason="没有证书", rule_id="cn.disclosure.ccc", actor=SYSTEM, at=NOW
        )
        for listing in (draft, pot):
            with pytest.raises(NotFound):
                waits(person, listing)
        assert person.client.post("/alerts/", {"variant": "x"}).status_code == 404
        assert not StockAlert.objects.exists()

    def test_only_so_many_at_once(self, pot, monkeypatch):
        person, other = a_buyer(), a_listing(stock=0)
        waits(person, pot)
        asked = stock_alerts.policies.value
        few = {stock_alerts.POLICY: {"most": 1, "days": 90, "kept_days": 30}}
        monkeypatch.setattr(stock_alerts.policies, "value", lambda name, at: few.get(name) or asked(name, at))
        with pytest.raises(TooManyAlerts):
            waits(person, other)
        assert StockAlert.objects.count() == 1

    def test_another_persons_alert_is_absent(self, pot):
        alert = waits(a_buyer(), pot)
        assert a_buyer().client.post(f"/alerts/{alert.pk}/").status_code == 404
        assert StockAlert.objects.get().state == "waiting"


class TestDatabaseRefuses:
    def run(self, sql, *params):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)

    def test_a_told_one_waits_never_again(self, pot):
        waits(a_buyer(), pot)
        back(pot)
        stock_alerts.tell(at=NOW)
        for change in ("state = 'waiting', ended_at = NULL", "asked_at = now()", "state = 'expired'"):
            with pytest.raises(IntegrityError, match="stays as it was"):
                self.run(f"UPDATE catalog_stockalert SET {change}")

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ("state = 'told'", "stock_alert_over_has_an_instant"),
            ("state = 'lost', ended_at = now()", "stock_alert_state_is_known"),
            ("expires_at = asked_at", "stock_alert_runs_out_later"),
            (
                "subject_id = (SELECT id FROM privacy_subject WHERE id <> subject_id LIMIT 1)",
                "what was asked",
            ),
        ],
    )
    def test_bent_rows(self, pot, change, rule):
        waits(a_buyer(), pot)
        with pytest.raises(IntegrityError, match=rule):
            self.run(f"UPDATE catalog_stockalert SET {change}")

    def test_two_that_wait_for_the_same(self, pot):
        waits(a_buyer(), pot)
        copied = "INSERT INTO catalog_stockalert (id, state, asked_at, expires_at, text_version, language,"
        copied += (
            " listing_id, subject_id, variant_id) SELECT gen_random_uuid(), state, asked_at, expires_at,"
        )
        copied += " text_version, language, listing_id, subject_id, variant_id FROM catalog_stockalert"
        with pytest.raises(IntegrityError, match="a_stock_alert_waits_once"):
            self.run(copied)

    def test_stock_by_any_statement_is_marked(self, pot):
        self.run("UPDATE catalog_stock SET on_hand = 2 WHERE variant_id = %s", pot.pk)
        assert Stock.objects.get(pk=pot.pk).came_back


class TestEnd:
    def test_out_of_time_then_forgotten(self, pot):
        waits(a_buyer(), pot)
        assert stock_alerts.run_out(at=NOW + timedelta(days=89), limit=9) == 0
        assert stock_alerts.run_out(at=NOW + timedelta(days=90), limit=9) == 1
        assert StockAlert.objects.get().state == "expired"
        assert stock_alerts.run_out(at=NOW + timedelta(days=121), limit=9) == 1
        assert not StockAlert.objects.exists()

    def test_it_is_in_the_copy_and_goes_with_the_person(self, pot):
        person = a_buyer()
        waits(person, pot)
        (part,) = [each for each in copy_parts.parts() if each.label == "catalog.StockAlert"]
        assert len(list(copy_parts.rows(part, [person.subject_id]))) == 1
        erasure.forget(subject_id=person.subject_id, at=NOW)
        assert not StockAlert.objects.exists()
