"""Matters decided: who may, what it takes, what follows, and what silence comes to."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts import joint_acts
from accounts.joint_acts import SamePerson
from accounts.staff import Role
from catalog.models import Listing
from deadlines.models import Deadline
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.ids import new_id
from merchants.models import Penalty
from merchants.parties import PartyMayNotAct
from merchants.penalties import PointsUnfit
from notifications.models import Letter
from outbox import relay
from oversight import deciding, figures, hearing, places
from oversight.models import Look, Matter, Report, Ruling
from privacy import erasure
from tests.builders.people import a_buyer, a_member, a_staff, a_visitor
from tests.builders.shops import LISTED, a_listing
from tests.builders.violations import DESK, REASONS, WORDS, a_report, answered, asked, ruled

pytestmark = pytest.mark.django_db
LATER = LISTED + timedelta(days=1)


def refused(error, matter, outcome="corrected", **said):
    with pytest.raises(error):
        ruled(matter, outcome, **said)
    matter.refresh_from_db()
    assert matter.decided_at is None and not Ruling.objects.filter(in_force_at__isnull=False).exists()


class TestOutcomes:
    def test_suspended_with_the_shop_s_way_to_appeal(self):
        matter = answered(a_report(a_listing()).matter)
        owner = a_member(matter.merchant)
        ruled(matter, "suspended")
        assert Listing.objects.get(pk=matter.listing_id).state == "suspended"
        page = f"/merchant/{matter.merchant.slug}/oversight/{matter.number}/"
        assert "/appeals/listing/" in owner.client.get(page).content.decode()
        letter = Letter.objects.get(kind="oversight.shop_told", subject_id=owner.subject_id)
        assert letter.params["outcome"] == "suspended"

    def test_points_are_a_penalty_with_its_own_hearing(self):
        matter = answered(a_report(a_listing()).matter)
        made = ruled(matter, "points", points=3)
        penalty = Penalty.objects.get()
        assert (made.penalty_id, penalty.points, penalty.reasons) == (penalty.pk, 3, REASONS)

    def test_danger_is_taken_off_sale_unheard(self):
        matter = a_report(a_listing(), kind="unsafe").matter
        ruled(matter, "suspended")
        assert Listing.objects.get(pk=matter.listing_id).state == "suspended"

    def test_handed_over_by_two(self):
        matter, second = a_report(a_listing()).matter, Actor.staff(new_id())
        made = ruled(matter, "handed_over", authority="12315", record="2026-11-02 电话转交 118 号")
        assert made.in_force_at is None and Matter.objects.get().state == "received"
        act = next(one for one in joint_acts.waiting(at=LISTED) if one.kind == "oversight.ruling")
        with pytest.raises(SamePerson):
            joint_acts.confirm(act_id=act.pk, actor=DESK, at=LISTED)
        joint_acts.confirm(act_id=act.pk, actor=second, at=LISTED)
        made.refresh_from_db()
        assert (made.confirmed_by, Matter.objects.get().state) == (second.subject_id, "handed_over")

    def test_finding_nothing_where_there_is_danger_takes_two(self):
        matter = a_report(a_listing(), kind="minors").matter
        assert ruled(matter, "no_violation", rule_id="").in_force_at is None
        assert Matter.objects.get().state == "received"

    def test_a_second_person_who_acts_for_the_shop_is_none(self):
        matter = a_report(a_listing()).matter
        ruled(matter, "handed_over", authority="police", record="接警单 7 号")
        party = a_member(matter.merchant)
        act = next(one for one in joint_acts.waiting(at=LISTED) if one.kind == "oversight.ruling")
        with pytest.raises(PartyMayNotAct):
            joint_acts.confirm(act_id=act.pk, actor=Actor.staff(party.subject_id), at=LISTED)
        assert Matter.objects.get().state == "received"

    def test_what_names_no_shop_is_decided_too(self):
        matter = a_report().matter
        ruled(matter, "no_violation", rule_id="")
        assert Matter.objects.get().state == "no_violation"


class TestRefusals:
    def test_unheard(self):
        refused(deciding.HearTheShopFirst, a_report(a_listing()).matter, "suspended")
        assert Listing.objects.get().state == "live"

    def test_while_the_shop_may_still_answer(self):
        refused(deciding.HearTheShopFirst, asked(a_report(a_listing()).matter), "points", points=3)

    def test_unread(self):
        matter = a_report(a_listing()).matter
        with pytest.raises(deciding.NotOpenedYet):
            deciding.decide(
                matter_id=matter.pk,
                decided=deciding.Decided("corrected", REASONS, "cn.ads.false"),
                actor=DESK,
                at=LISTED,
            )

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (deciding.RulingUnfounded, {"reasons": "  "}),
            (deciding.RulingUnfounded, {"rule_id": ""}),
            (deciding.RuleUnknown, {"rule_id": "cn.nothing"}),
            (deciding.AuthorityMissing, {"outcome": "handed_over", "authority": "mayor", "record": "x1"}),
            (deciding.AuthorityMissing, {"outcome": "handed_over", "authority": "police", "record": " "}),
        ],
    )
    def test_unfounded(self, error, said):
        refused(error, a_report(a_listing()).matter, **{"outcome": "corrected", **said})

    @pytest.mark.parametrize("points", [0, -1, 1000])
    def test_points_that_are_none(self, points):
        refused(PointsUnfit, answered(a_report(a_listing()).matter), "points", points=points)
        assert not Penalty.objects.exists()

    def test_a_shop_has_no_offer_to_suspend(self):
        matter = a_report(place=places.of_shop(a_listing().merchant.slug)).matter
        refused(deciding.NothingToActOn, answered(matter), "suspended")

    def test_staff_who_act_for_the_shop_or_reported_it(self):
        person, listing = a_buyer(), a_listing()
        matter = a_report(listing, person=person.subject_id).matter
        refused(deciding.ReporterMayNotAct, matter, actor=Actor.staff(person.subject_id))
        party = a_member(listing.merchant)
        refused(PartyMayNotAct, matter, actor=Actor.staff(party.subject_id))
        assert not Look.objects.exists()

    def test_a_look_needs_a_reason(self):
        matter = a_report(a_listing()).matter
        with pytest.raises(deciding.LookWithoutReason):
            deciding.open_reports(matter_id=matter.pk, reason=" x ", actor=DESK, at=LISTED)

    def test_twice(self):
        matter = a_report(a_listing()).matter
        ruled(matter)
        with pytest.raises(IllegalMove):
            ruled(matter, "no_violation", rule_id="")

    def test_roles_without_the_power(self):
        matter = a_report(a_listing()).matter
        page = f"/admin/oversight/matter/{matter.pk}"
        for role in (Role.REVIEWER, Role.AUDITOR, Role.MONEY_DESK):
            desk = a_staff(role).client
            for step in ("reports", "question", "ruling"):
                assert desk.post(f"{page}/{step}", {"why": "看一看"}).status_code in (403, 404)
        assert not Look.objects.exists()

    def test_another_shop_and_one_that_was_not_told(self):
        matter = a_report(a_listing()).matter
        own, other = a_member(matter.merchant).client, a_member(a_listing().merchant).client
        page = f"/merchant/{matter.merchant.slug}/oversight/{matter.number}/"
        assert own.get(page).status_code == 404
        asked(matter)
        assert (own.get(page).status_code, other.get(page).status_code) == (200, 404)
        assert a_visitor().client.get(page).status_code in (302, 404)


class TestSilence:
    def test_of_the_shop(self):
        matter = asked(a_report(a_listing()).matter)
        ours = Deadline.objects.get(kind="oversight.decision", reference=matter.pk)
        assert ours.state == "paused"
        row = Deadline.objects.get(kind="oversight.answer", reference=matter.pk)
        hearing.on_answer_due(reference=matter.pk, due_at=row.due_at, at=row.due_at)
        matter.refresh_from_db()
        ours.refresh_from_db()
        assert (matter.state, matter.answered_at, ours.state) == ("answered", None, "open")
        assert ours.due_at > row.due_at

    def test_an_answer_at_the_last_instant_is_too_late(self):
        matter = asked(a_report(a_listing()).matter)
        row = Deadline.objects.get(kind="oversight.answer", reference=matter.pk)
        with pytest.raises(Exception, match="time for this step is over"):
            hearing.answer(
                matter_id=matter.pk,
                merchant_id=matter.merchant_id,
                text="晚了",
                actor=Actor.member(new_id(), matter.merchant_id),
                at=row.due_at,
            )

    def test_of_the_desk_and_then_of_the_senior(self):
        senior, matter = a_staff(Role.SENIOR), a_report(a_listing()).matter
        row = Deadline.objects.get(kind="oversight.decision", reference=matter.pk)
        hearing.on_decision_due(reference=matter.pk, due_at=row.due_at, at=row.due_at)
        relay.drain_all()
        matter.refresh_from_db()
        assert matter.overdue_at == row.due_at
        letters = Letter.objects.filter(kind="oversight.matter_overdue", subject_id=senior.subject_id)
        assert letters.count() == 1
        page, desk = f"/admin/oversight/matter/{matter.pk}/ruling", a_staff(Role.CATALOGUE_DESK).client
        assert desk.post(page, {"outcome": "corrected"}).status_code == 403
        late = Deadline.objects.get(kind="oversight.senior", reference=matter.pk)
        hearing.on_senior_due(reference=matter.pk, due_at=late.due_at, at=late.due_at)
        relay.drain_all()
        matter.refresh_from_db()
        assert matter.state == "unanswered"
        assert Letter.objects.get(kind="oversight.report_closed").params["outcome"] == "unanswered"


class TestFigures:
    def test_counts_by_kind_and_never_a_report(self, capsys):
        listing = a_listing()
        ruled(a_report(listing).matter)
        a_report(listing, kind="unsafe")
        a_report(listing, kind="unsafe")
        found = figures.as_data(figures.of_year(at=LATER))
        counts = [found[name] for name in ("reports", "matters", "running", "decided_in_time")]
        assert counts == [3, 2, 1, 1]
        assert [row["kind"] for row in found["kinds"]] == ["false_ads", "unsafe"]
        call_command("oversight", "figures", "--json")
        assert '"schema": "anxin.reports.1"' in capsys.readouterr().out

    def test_results_name_who_was_found_and_nobody_else(self):
        listing, other = a_listing(), a_listing()
        ruled(a_report(listing).matter)
        ruled(a_report(other).matter, "no_violation", rule_id="", reasons="查过，没有问题。")
        page = a_visitor().client.get("/reports/").content.decode()
        assert REASONS in page and listing.merchant.display_name in page
        assert other.merchant.display_name not in page and WORDS not in page

    def test_what_the_police_have_is_not_told(self):
        listing = a_listing()
        matter = a_report(listing).matter
        ruled(matter, "handed_over", authority="police", record="接警单 7 号")
        act = next(one for one in joint_acts.waiting(at=LISTED) if one.kind == "oversight.ruling")
        joint_acts.confirm(act_id=act.pk, actor=Actor.staff(new_id()), at=LISTED)
        assert REASONS not in a_visitor().client.get("/reports/").content.decode()


class TestDatabase:
    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ("oversight_matter SET kind = 'envy'", "kind_is_known"),
            ("oversight_matter SET state = 'lost', decided_at = now()", "state_is_known"),
            ("oversight_matter SET state = 'corrected'", "closed_says_when"),
            ("oversight_matter SET decided_at = now()", "closed_says_when"),
            ("oversight_matter SET asked_at = now()", "asked_says_what"),
            ("oversight_matter SET target = 'shop'", "target_is_there"),
            ("oversight_ruling SET reasons = ''", "has_reasons"),
            ("oversight_ruling SET rule_id = ''", "names_its_rule"),
            ("oversight_ruling SET points = 3", "points_are_points"),
            ("oversight_ruling SET outcome = 'handed_over', authority = 'police', record = 'x'", "takes_two"),
            ("oversight_ruling SET by_two = true, in_force_at = now()", "by_two_was_confirmed"),
            (
                "oversight_ruling SET by_two = true, in_force_at = now(), confirmed_by = proposed_by",
                "by_two_was_confirmed",
            ),
        ],
    )
    def test_bent_rows(self, change, rule):
        matter = a_report(a_listing()).matter
        Ruling.objects.create(
            matter=matter, outcome="corrected", reasons="x", rule_id="y", proposed_by=new_id(),
            proposed_at=LISTED,
        )  # fmt: skip
        with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {change}")

    def test_a_decision_stays_as_it_was(self):
        matter = a_report(a_listing()).matter
        ruled(matter)
        with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
            Matter.objects.filter(pk=matter.pk).update(state="received", decided_at=None)

    def test_two_of_one_kind_never_run_at_one_place(self):
        matter = a_report(a_listing()).matter
        matter.pk, matter.number = new_id(), "V000000000"
        with pytest.raises(IntegrityError, match="once_per_listing"), transaction.atomic():
            matter.save(force_insert=True)

    def test_what_was_told_stands_sealed_and_goes_with_the_person(self):
        person = a_buyer()
        held = a_report(a_listing(), person=person.subject_id, contact="13911112222")
        with connection.cursor() as cursor:
            cursor.execute("SELECT words, contact, digest FROM oversight_report")
            sealed = b"".join(bytes(each) for each in cursor.fetchone())
        assert WORDS.encode() not in sealed and b"13911112222" not in sealed
        assert held.code.encode() not in sealed
        erasure.forget(subject_id=person.subject_id, at=datetime(2026, 11, 20, tzinfo=UTC))
        assert Matter.objects.get().state == "received" and Report.objects.count() == 1
        ruled(Matter.objects.get(), "no_violation", rule_id="")
