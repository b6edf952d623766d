"""An incident: scoped by the inventory, decided by two, told in time; a drill writes to nobody."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.staff import Role
from deadlines.models import Deadline
from deadlines.sweep import sweep_all
from evidence.models import Leaf
from kernel import clock
from kernel.actor import Actor
from kernel.errors import IllegalMove
from notifications.models import Letter
from outbox.relay import drain_all
from privacy import access_record, breach_reports, breaches, subjects
from privacy.breach_scope import ColumnNotCounted, ScopeQuery, ScopeUnclear
from privacy.breaches import Decision, Report
from privacy.models import Breach, BreachMove
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_staff

pytestmark = pytest.mark.django_db
ONE, TWO = Actor.staff(uuid4()), Actor.staff(uuid4())
WORDS = {"zh-hans": "地址被看到了", "zh-hant": "地址被看到了", "en": "Addresses were seen"}
ADDRESSES = ScopeQuery(columns=("orders.Order.recipient",))


@pytest.fixture
def now() -> datetime:
    return clock.now()


def an_incident(now: datetime, **changes: object) -> Breach:
    report = Report(
        **{
            "what": "A list of orders was readable without signing in.",
            "how_noticed": "A report from outside.",
            "happened_from": now - timedelta(days=3),
            "happened_to": now - timedelta(hours=2),
            "noticed_at": now - timedelta(hours=1),
            **changes,
        }
    )
    return breaches.open_breach(report=report, actor=ONE, at=now)


def told(breach: Breach, now: datetime, *, persons: bool = True) -> Breach:
    decision = Decision(True, persons, "Addresses and telephone numbers.", "Closed at once.", WORDS)
    breaches.propose(breach_id=breach.pk, decision=decision, actor=ONE, at=now)
    breaches.confirm(breach_id=breach.pk, actor=TWO, at=now)
    return breaches.notify(breach_id=breach.pk, actor=ONE, at=now)


class TestOpening:
    def test_clocks_run_from_noticing_under_every_law_we_hold_people_of(self, now: datetime) -> None:
        buyer = a_buyer()
        subjects.change_place(subject_id=buyer.subject_id, place="DE", actor=buyer.actor, at=now)
        breach = an_incident(now, endangers_public=True)
        found = {(one.place, one.audience, one.rule_id): one.due_at for one in breach.clocks.all()}
        noticed = breach.noticed_at
        assert found[("DE", "authority", "gdpr.breach.notify")] == noticed + timedelta(hours=72)
        assert found[("CN", "authority", "policy.breach.at_once")] == noticed + timedelta(hours=24)
        assert found[("CN", "authority", "cn.data.flaw_report")] == noticed + timedelta(hours=24)
        assert Deadline.objects.filter(kind="privacy.breach", state="open").count() == len(found)
        assert Leaf.objects.filter(reference=breach.pk, label="privacy.breach.open").count() == 1

    def test_it_is_not_noticed_in_the_future(self, now: datetime) -> None:
        with pytest.raises(breaches.NoticedLater):
            an_incident(now, noticed_at=now + timedelta(minutes=1))


class TestScope:
    def test_the_inventory_says_whom_by_column_and_time(self, now: datetime) -> None:
        order = an_order()
        an_order()
        breach = an_incident(now)
        assert breaches.scope(breach_id=breach.pk, query=ADDRESSES, actor=ONE, at=now).persons == 2
        later = ScopeQuery(columns=ADDRESSES.columns, since=order.placed_at + timedelta(days=300))
        assert breaches.scope(breach_id=breach.pk, query=later, actor=ONE, at=now).persons == 0
        shop = ScopeQuery(columns=ADDRESSES.columns, merchant_id=order.merchant_id)
        assert breaches.scope(breach_id=breach.pk, query=shop, actor=ONE, at=now).persons == 1

    def test_the_access_record_says_whom_an_actor_saw(self, now: datetime) -> None:
        seen = subjects.create_subject(locale="en", at=now)
        thief = Actor.staff(uuid4())
        access_record.record(
            actor=thief, subject_id=seen.pk, purpose="x", fields=["orders.Order.recipient"], at=now
        )
        breach = an_incident(now)
        scoped = breaches.scope(breach_id=breach.pk, query=ScopeQuery(seen_by=str(thief)), actor=ONE, at=now)
        assert [one.subject_id for one in scoped.concerned.all()] == [seen.pk]

    def test_a_law_that_protects_nobody_in_it_is_dropped(self, now: datetime) -> None:
        abroad = a_buyer()
        subjects.change_place(subject_id=abroad.subject_id, place="DE", actor=abroad.actor, at=now)
        an_order()
        breach = an_incident(now)
        breaches.scope(breach_id=breach.pk, query=ADDRESSES, actor=ONE, at=now)
        assert not breach.clocks.filter(place="DE", dropped_at__isnull=True).exists()
        assert breach.clocks.filter(place="CN", dropped_at__isnull=True).count() == 2

    @pytest.mark.parametrize("query", [ScopeQuery(), ScopeQuery(columns=("orders.Order.nothing",))])
    def test_an_unclear_question_is_refused(self, now: datetime, query: ScopeQuery) -> None:
        breach = an_incident(now)
        with pytest.raises((ScopeUnclear, ColumnNotCounted)):
            breaches.scope(breach_id=breach.pk, query=query, actor=ONE, at=now)
        assert Breach.objects.get(pk=breach.pk).state == "open"


class TestDeciding:
    def test_people_get_a_letter_in_their_language_and_the_clocks_are_met(self, now: datetime) -> None:
        order = an_order()
        breach = an_incident(now)
        breaches.scope(breach_id=breach.pk, query=ADDRESSES, actor=ONE, at=now)
        told(breach, now)
        drain_all()
        letter = Letter.objects.get(kind="privacy.breach_person")
        assert (letter.subject_id, letter.params["words"]) == (order.subject_id, WORDS["zh-hans"])
        assert not Deadline.objects.filter(kind="privacy.breach", state="open").exists()
        closed = breaches.close(breach_id=breach.pk, actor=ONE, at=now)
        assert closed.keep_until is not None and closed.keep_until > now + timedelta(days=3 * 365)
        assert breaches.figures()["closed"] == 1

    def test_one_person_alone_decides_nothing(self, now: datetime) -> None:
        breach = an_incident(now)
        breaches.scope(breach_id=breach.pk, query=ScopeQuery(seen_by="x"), actor=ONE, at=now)
        decision = Decision(True, False, "r", "m")
        breaches.propose(breach_id=breach.pk, decision=decision, actor=ONE, at=now)
        with pytest.raises(breaches.SecondPersonNeeded):
            breaches.confirm(breach_id=breach.pk, actor=ONE, at=now)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE privacy_breach SET state = 'decided', confirmed_by = proposed_by, decided_at = now()"
            )
        breaches.reject(breach_id=breach.pk, actor=TWO, at=now)
        assert Breach.objects.get(pk=breach.pk).state == "scoped"

    def test_words_in_all_three_languages(self, now: datetime) -> None:
        breach = an_incident(now)
        breaches.scope(breach_id=breach.pk, query=ScopeQuery(seen_by="x"), actor=ONE, at=now)
        with pytest.raises(breaches.WordsMissing):
            decision = Decision(True, True, "r", "m", {"en": "only"})
            breaches.propose(breach_id=breach.pk, decision=decision, actor=ONE, at=now)

    def test_nobody_is_told_before_it_was_decided(self, now: datetime) -> None:
        breach = an_incident(now)
        with pytest.raises(IllegalMove):
            breaches.notify(breach_id=breach.pk, actor=ONE, at=now)

    def test_a_drill_does_all_of_it_and_writes_to_nobody(self, now: datetime) -> None:
        an_order()
        breach = an_incident(now, drill=True)
        breaches.scope(breach_id=breach.pk, query=ADDRESSES, actor=ONE, at=now)
        told(breach, now)
        drain_all()
        assert not Letter.objects.filter(kind="privacy.breach_person").exists()
        assert BreachMove.objects.get(breach=breach, name="notify").note == "1 letters"
        text = breach_reports.authority_report(breach, place="CN", contact="security@anxin.example")
        assert text.startswith("*** DRILL") and breaches.figures()["notified"] == 0

    def test_a_clock_that_runs_out_is_told_to_officers_and_counted(self, platform_at: object) -> None:
        now = platform_at(datetime.fromisoformat("2026-11-20T02:00:00+00:00"))
        officer = a_staff(Role.SECURITY_OFFICER)
        an_incident(now)
        later = platform_at(now + timedelta(days=2))
        assert sweep_all() >= 2
        drain_all()
        assert breaches.figures()["clocks_missed"] == 2
        kinds = set(Letter.objects.filter(subject_id=officer.subject_id).values_list("kind", flat=True))
        assert kinds >= {"privacy.breach_opened", "privacy.breach_overdue"} and later


class TestTheDesk:
    def test_two_officers_take_an_incident_from_opening_to_its_end(self, now: datetime) -> None:
        an_order()
        one, two = a_staff(Role.SECURITY_OFFICER), a_staff(Role.PRIVACY_OFFICER)
        at = (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
        said = {"what": "x", "how_noticed": "y", "happened_from": "2026-01-01T00:00", "noticed_at": at}
        page = one.client.post("/admin/privacy/breach/open/", said)["Location"]
        one.client.post(page, {"move": "scope", "scope-columns": ["orders.Order.recipient"]})
        words = {f"propose-words_{key}": "w" for key in ("hans", "hant", "en")}
        decide = {
            "move": "propose",
            "propose-tell_persons": "on",
            "propose-reasons": "r",
            "propose-measures": "m",
        }
        one.client.post(page, decide | words)
        assert Breach.objects.get().state == "proposed"
        one.client.post(page, {"move": "confirm"})
        assert Breach.objects.get().state == "proposed"
        for who, move in ((two, "confirm"), (one, "notify"), (two, "close")):
            assert who.client.post(page, {"move": move}).status_code == 303
        assert Breach.objects.get().state == "closed"
        assert one.client.get("/admin/privacy/breach/").status_code == 200
        text = one.client.get(f"{page.removesuffix('change/')}report/CN")
        assert "policy.breach.at_once" in text.content.decode()

    def test_nobody_else_reads_or_acts(self, now: datetime) -> None:
        breach = an_incident(now)
        page = f"/admin/privacy/breach/{breach.pk}/change/"
        reviewer, auditor = a_staff(Role.REVIEWER), a_staff(Role.AUDITOR)
        assert reviewer.client.get(page).status_code == 403
        assert auditor.client.get(page).status_code == 200
        assert auditor.client.post(page, {"move": "close"}).status_code == 403
        assert a_buyer().client.get(page).status_code in (302, 403, 404)
        assert auditor.client.get(f"/admin/privacy/breach/{uuid4()}/change/").status_code == 404
