"""Staff say what doesn't work; everybody reads it, then and afterwards, in three languages."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.staff import Role
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.ids import new_id
from notifications import disruptions
from notifications.disruption_lifecycle import Component, Stage
from notifications.models import Disruption, DisruptionUpdate
from tests.builders.people import a_staff, a_visitor

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ENGINEER = Actor.staff(new_id())
ATOM = "{http://www.w3.org/2005/Atom}"


def said(text):
    return {"zh-hans": f"{text}。", "zh-hant": f"{text}（繁）", "en": f"{text} in English"}


def a_disruption(**changes):
    told = {
        "title": said("付款慢"),
        "words": said("正在查"),
        "components": [Component.PAYMENTS],
        "started_at": AT - timedelta(minutes=20),
        "actor": ENGINEER,
        "at": AT,
    }
    return disruptions.begin(**{**told, **changes})


def goes_on(held, stage, at=AT + timedelta(hours=1), words="有进展"):
    return disruptions.update(disruption_id=held.pk, stage=stage, words=said(words), actor=ENGINEER, at=at)


def typed(what, text):
    return {f"{what}_{language}": words for language, words in said(text).items()}


def text(answer):
    return answer.content.decode()


class TestJourney:
    def test_from_the_staff_pages_to_everybody_and_into_the_history(self, platform_at):
        platform_at(AT)
        staff, visitor = a_staff(Role.SYSTEM).client, a_visitor().client
        begin = reverse("admin:notifications_disruption_begin")
        form = {**typed("title", "付款慢"), **typed("words", "正在查"), "components": ["payments", "orders"]}
        assert staff.post(begin, form).status_code == 302
        held = Disruption.objects.get()
        assert (held.started_at, sorted(held.components)) == (AT, ["orders", "payments"])
        page = text(visitor.get("/status"))
        for part in ("有服务不正常", "付款慢。", "正在查。", "下单和退货 · 付款和退款", "正在查原因"):
            assert part in page
        assert "付款慢" in text(staff.get(reverse("admin:notifications_disruption_change", args=[held.pk])))
        step = reverse("admin:notifications_disruption_step", args=[held.pk])
        platform_at(AT + timedelta(hours=1))
        staff.post(step, {"stage": "resolved", **typed("words", "好了")})
        assert "付款慢" not in text(visitor.get("/status"))
        assert "好了。" in text(visitor.get("/status/history"))

    def test_what_is_missing_is_not_told(self):
        staff = a_staff(Role.SECURITY_OFFICER).client
        begin = reverse("admin:notifications_disruption_begin")
        form = {**typed("title", "慢"), **typed("words", "查"), "components": ["pages"]}
        for missing in form:
            staff.post(begin, {name: value for name, value in form.items() if name != missing})
        assert not Disruption.objects.exists()

    def test_others_of_the_house_tell_nothing(self):
        clerk = a_staff(Role.MERCHANT_DESK).client
        begin = reverse("admin:notifications_disruption_begin")
        assert clerk.post(begin, typed("title", "慢")).status_code == 403

    @pytest.mark.parametrize(
        ("language", "words"),
        [("zh-hant", "付款慢（繁）"), ("en", "付款慢 in English"), ("zh-hans", "付款慢。")],
    )
    def test_the_feed_is_in_one_s_own_language(self, language, words):
        goes_on(a_disruption(), Stage.WATCHING)
        answer = a_visitor().client.get(f"/status/feed/{language}.xml")
        assert answer["Content-Type"].startswith("application/atom+xml")
        entries = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")
        assert len(entries) == 2
        assert all(words in entry.find(f"{ATOM}title").text for entry in entries)
        assert a_visitor().client.get("/status/feed/fr.xml").status_code == 404

    def test_without_any_it_says_so(self):
        assert "还没有登记过服务异常" in text(a_visitor().client.get("/status/history"))


class TestRules:
    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"components": []}, disruptions.NothingConcerned),
            ({"started_at": AT + timedelta(seconds=1)}, disruptions.NotYetStarted),
            ({"title": {"en": "only English"}}, disruptions.DisruptionUnsaid),
            ({"words": said("长" * 1001)}, disruptions.DisruptionUnsaid),
        ],
    )
    def test_what_cannot_be_told(self, changes, refusal):
        with pytest.raises(refusal):
            a_disruption(**changes)
        assert not Disruption.objects.exists()

    def test_a_stage_can_stay_and_come_back_but_the_end_is_the_end(self):
        held = a_disruption()
        for stage in (
            Stage.INVESTIGATING,
            Stage.IDENTIFIED,
            Stage.WATCHING,
            Stage.INVESTIGATING,
            Stage.RESOLVED,
        ):
            held = goes_on(held, stage)
        assert held.ended_at == AT + timedelta(hours=1)
        assert disruptions.next_stages(held) == []
        with pytest.raises(disruptions.DisruptionOver):
            goes_on(held, Stage.RESOLVED)
        assert DisruptionUpdate.objects.count() == 6

    def test_from_watching_nobody_goes_back_to_knowing_the_cause(self):
        held = goes_on(a_disruption(), Stage.WATCHING)
        with pytest.raises(IllegalMove):
            goes_on(held, Stage.IDENTIFIED)
        assert DisruptionUpdate.objects.count() == 2


class TestByForce:
    @pytest.mark.parametrize(
        ("statement", "rule"),
        [
            ("UPDATE notifications_disruption SET ended_at = now()", "over_when_it_is_resolved"),
            ("UPDATE notifications_disruption SET stage = 'resolved'", "over_when_it_is_resolved"),
            ("UPDATE notifications_disruption SET stage = 'gone'", "over_when_it_is_resolved"),
            ("UPDATE notifications_disruption SET started_at = now() + '1 year'", "begins_before_it_ends"),
            ("UPDATE notifications_disruption SET components = '{}'", "concerns_something_known"),
            ("UPDATE notifications_disruption SET components = '{weather}'", "concerns_something_known"),
            ("""UPDATE notifications_disruption SET title = '{"en": "x"}'""", "titled_in_three_languages"),
            ("DELETE FROM notifications_disruption", "Cannot delete"),
            ("UPDATE notifications_disruptionupdate SET words = '{}'", "Cannot update"),
            ("DELETE FROM notifications_disruptionupdate", "Cannot update or delete"),
        ],
    )
    def test_the_record_stays_as_it_was_said(self, statement, rule):
        a_disruption()
        with (
            pytest.raises(DatabaseError, match=rule),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_after_the_end_nothing_is_added_and_nothing_moves(self):
        held = goes_on(a_disruption(), Stage.RESOLVED)
        with pytest.raises(DatabaseError, match="says_no_more"), transaction.atomic():
            DisruptionUpdate.objects.create(
                disruption=held, stage="watching", words=said("x"), at=AT, entered_by="staff:x"
            )
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Disruption.objects.update(started_at=AT)
