"""Supervision: who may do what when, what is refused, and what the database lets nobody rewrite."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from complaints import record
from kernel.actor import Actor
from kernel.errors import IllegalMove, NotFound
from kernel.ids import new_id
from merchants import inspecting, inspection_figures, inspection_moves, inspection_plan, inspection_risk
from merchants.inspection_plan import PlannedAlready
from merchants.models import Inspection, InspectionFinding, Penalty
from merchants.parties import PartyMayNotAct
from merchants.penalties import PenaltyRuleUnknown
from tests.builders.cases import a_complaint_to_decide, a_ruling, rule
from tests.builders.inspections import SEEN, an_inspection
from tests.builders.orders import ORDERED
from tests.builders.penalties import a_penalty
from tests.builders.people import a_member
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WE = Actor.system()


def staff():
    return Actor.staff(new_id())


def verdicts(inspection, right):
    return {each.pk: right for each in inspection.findings.all()}


class TestThePlan:
    def test_takes_risk_first_and_says_why(self):
        quiet, loud = a_merchant(), a_merchant()
        a_penalty(loud, at=ORDERED)
        plan = inspection_plan.draw(actor=WE, at=ORDERED)
        found = Inspection.objects.get(merchant=loud)
        assert [(each["code"], each["adds"]) for each in found.reasons] == [
            ("points", 9),
            ("grade", 2),
            ("never", 3),
        ]
        assert plan.shops == 2
        drawn = inspection_risk.lot(quiet.pk, date(2026, 11, 1)) < 30
        assert Inspection.objects.filter(merchant=quiet).exists() is drawn

    def test_once_a_month_whoever_asks(self):
        a_merchant()
        first = inspection_plan.draw(actor=WE, at=ORDERED)
        a_penalty(a_merchant(), at=ORDERED)
        assert inspection_plan.draw(actor=staff(), at=ORDERED + DAY) == first
        assert inspection_plan.draw_if_due(actor=WE, at=ORDERED + DAY) == 0

    def test_leaves_out_whose_inspection_still_runs(self):
        shop = a_merchant()
        a_penalty(shop, at=ORDERED)
        inspection_plan.draw(actor=WE, at=ORDERED)
        inspection_plan.draw(actor=WE, at=ORDERED + 35 * DAY)
        assert Inspection.objects.filter(merchant=shop).count() == 1

    def test_counts_complaints_lost(self):
        case = a_complaint_to_decide()
        rule(case, a_ruling(case), at=case.opened_at + 3 * DAY)
        until = case.opened_at + 10 * DAY
        assert record.lost_by_shop(until - 90 * DAY, until) == {case.merchant_id: 1}
        assert inspection_risk.complaints_lost(until) == {case.merchant_id: 1}

    def test_the_lot_is_the_same_for_everybody_and_another_each_month(self):
        shop = new_id()
        assert inspection_risk.lot(shop, date(2026, 11, 1)) == inspection_risk.lot(shop, date(2026, 11, 1))
        numbers = {inspection_risk.lot(shop, date(2026, month, 1)) for month in range(1, 13)}
        assert len(numbers) > 6 and max(numbers) < 1000

    def test_by_hand_with_a_reason_and_only_once(self):
        # The month's lot is drawn before the shop is there, so it can't draw it.
        inspection_plan.draw(actor=WE, at=ORDERED)
        shop = a_merchant()
        with pytest.raises(inspection_moves.InspectionTextMissing):
            inspection_plan.add(merchant_id=shop.pk, reason=" ", actor=staff(), at=ORDERED)
        inspection_plan.add(merchant_id=shop.pk, reason="来信", actor=staff(), at=ORDERED)
        with pytest.raises(PlannedAlready):
            inspection_plan.add(merchant_id=shop.pk, reason="来信", actor=staff(), at=ORDERED)
        assert Inspection.objects.get(merchant=shop).reasons[0]["n"] == "来信"


class TestRecording:
    def test_nothing_found_is_clean_and_over(self):
        found = an_inspection(a_merchant(), at=ORDERED)
        inspecting.record(inspection_id=found.pk, scope="商品页", findings=[], actor=staff(), at=ORDERED)
        found.refresh_from_db()
        assert (found.state, found.closed_at) == ("clean", ORDERED)

    def test_names_a_rule_that_there_is(self):
        found = an_inspection(a_merchant(), at=ORDERED)
        wrong = inspecting.Seen("no.such.rule", "事实", "改正")
        with pytest.raises(PenaltyRuleUnknown):
            inspecting.record(inspection_id=found.pk, scope="页", findings=[wrong], actor=staff(), at=ORDERED)
        found.refresh_from_db()
        assert found.state == "planned" and not InspectionFinding.objects.exists()

    def test_by_nobody_of_the_shop(self):
        shop = a_merchant()
        found, member = an_inspection(shop, at=ORDERED), a_member(shop)
        own = Actor.staff(member.subject_id)
        with pytest.raises(PartyMayNotAct):
            inspecting.record(inspection_id=found.pk, scope="页", findings=[SEEN], actor=own, at=ORDERED)
        found.refresh_from_db()
        assert found.state == "planned"

    def test_only_once(self):
        found = an_inspection(a_merchant(), at=ORDERED, found=True)
        with pytest.raises(IllegalMove):
            inspecting.record(inspection_id=found.pk, scope="页", findings=[SEEN], actor=staff(), at=ORDERED)
        assert found.findings.count() == 1


class TestAnswering:
    def test_another_shop_s_isn_t_there(self):
        found, other = an_inspection(a_merchant(), at=ORDERED, found=True), a_merchant()
        with pytest.raises(NotFound):
            inspecting.answer(
                inspection_id=found.pk, merchant_id=other.pk, text="好", actor=staff(), at=ORDERED
            )

    def test_needs_words(self):
        found = an_inspection(a_merchant(), at=ORDERED, found=True)
        with pytest.raises(inspection_moves.InspectionTextMissing):
            inspecting.answer(
                inspection_id=found.pk, merchant_id=found.merchant_id, text=" ", actor=staff(), at=ORDERED
            )
        found.refresh_from_db()
        assert found.state == "open"


class TestTheSecondLook:
    def test_closes_only_what_is_all_put_right(self):
        found = an_inspection(a_merchant(), at=ORDERED, answered=True)
        with pytest.raises(inspecting.NotAllRight):
            inspecting.close(
                inspection_id=found.pk,
                verdicts=verdicts(found, False),
                outcome="没改",
                actor=staff(),
                at=ORDERED,
            )
        with pytest.raises(inspecting.VerdictMissing):
            inspecting.close(inspection_id=found.pk, verdicts={}, outcome="好", actor=staff(), at=ORDERED)
        found.refresh_from_db()
        assert found.state == "answered" and found.findings.get().rectified is None

    def test_the_inspector_imposes_no_penalty_alone(self):
        inspector = staff()
        found = an_inspection(a_merchant(), at=ORDERED, answered=True, actor=inspector)
        with pytest.raises(inspecting.SameInspector):
            inspecting.escalate(
                inspection_id=found.pk,
                verdicts=verdicts(found, False),
                outcome="没改",
                points=3,
                actor=inspector,
                at=ORDERED,
            )
        assert not Penalty.objects.filter(merchant=found.merchant).exists()

    def test_nothing_left_is_nothing_to_punish(self):
        found = an_inspection(a_merchant(), at=ORDERED, answered=True)
        with pytest.raises(inspecting.AllRight):
            inspecting.escalate(
                inspection_id=found.pk,
                verdicts=verdicts(found, True),
                outcome="好",
                points=3,
                actor=staff(),
                at=ORDERED,
            )
        assert not Penalty.objects.filter(merchant=found.merchant).exists()

    def test_called_off_only_before_it_began(self):
        found = an_inspection(a_merchant(), at=ORDERED, found=True)
        with pytest.raises(IllegalMove):
            inspecting.call_off(inspection_id=found.pk, reason="误列", actor=staff(), at=ORDERED)
        planned = an_inspection(a_merchant(), at=ORDERED)
        inspecting.call_off(inspection_id=planned.pk, reason="店已关", actor=staff(), at=ORDERED)
        planned.refresh_from_db()
        assert (planned.state, planned.outcome) == ("called_off", "店已关")


class TestFigures:
    def test_count_what_became_of_them(self):
        an_inspection(a_merchant(), at=ORDERED, found=True)
        found = inspection_figures.of_year(at=ORDERED + DAY)
        assert (found.inspected, found.clean, found.escalated, found.late) == (1, 0, 0, 0)
        assert inspection_figures.of_year(at=ORDERED + 400 * DAY).planned == 0


class TestTheDatabaseItselfRefuses:
    @pytest.mark.parametrize(
        "attack",
        ["UPDATE merchants_inspection SET reasons = '[{}]'", "DELETE FROM merchants_inspection",
         "UPDATE merchants_inspection SET state = 'rectified', closed_at = now(), outcome = 'x'",
         "UPDATE merchants_inspection SET scope = 'x'",
         "UPDATE merchants_inspection SET inspected_at = now()",
         "UPDATE merchants_inspection SET state = 'planned'",
         "UPDATE merchants_inspection SET state = 'clean', closed_at = now(), outcome = 'x'",
         "UPDATE merchants_inspectionfinding SET facts = 'x'", "DELETE FROM merchants_inspectionfinding",
         "UPDATE merchants_inspectionplan SET chosen = 0", "DELETE FROM merchants_inspectionplan",
         "DELETE FROM merchants_inspectionfile"],
    )  # fmt: skip
    def test_to_rewrite_what_was_found(self, attack):
        an_inspection(a_merchant(), at=ORDERED, found=True, evidence=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(attack)

    def test_an_escalation_by_one_person_or_without_a_penalty(self):
        found = an_inspection(a_merchant(), at=ORDERED, answered=True)
        for by in ("inspected_by", f"'{new_id()}'"):
            with pytest.raises(DatabaseError), transaction.atomic():
                connection.cursor().execute(
                    "UPDATE merchants_inspection SET state = 'escalated', closed_at = now(), outcome = 'x',"
                    f" closed_by = {by}"
                )
        found.refresh_from_db()
        assert found.state == "answered"

    def test_a_party_as_the_inspector(self):
        shop = a_merchant()
        found, member = an_inspection(shop, at=ORDERED), a_member(shop)
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(
                "UPDATE merchants_inspection SET state = 'open', scope = 'x', inspected_at = now(),"
                " inspected_by = %s",
                [member.subject_id],
            )
        found.refresh_from_db()
        assert found.state == "planned"

    def test_two_of_one_shop_in_a_month(self):
        found = an_inspection(a_merchant(), at=ORDERED)
        with pytest.raises(DatabaseError), transaction.atomic():
            Inspection.objects.create(
                plan=found.plan,
                merchant=found.merchant,
                subject_id=found.subject_id,
                reasons=[{"code": "lot"}],
                score=0,
                planned_at=ORDERED,
            )
