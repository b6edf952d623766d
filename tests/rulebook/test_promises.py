from datetime import UTC, date, datetime

import pytest

from law.counting import Length
from rulebook import policies, promises, statute
from tests.builders.rulebook import the_rulebook
from tests.law.packs import china

NOW = china(2026, 11, 21, 9)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_law():
    the_rulebook()


class TestDue:
    def test_the_merchants_answer_is_due_48_hours_later_to_the_minute(self):
        clock = promises.due("silence.complaint_answer", start=NOW, at=NOW)
        assert clock.due_at == china(2026, 11, 23, 9)
        assert (clock.rule_id, clock.pack_version) == ("policy.silence.complaint_answer", "policy.v1")
        assert (clock.owner, clock.outcome) == ("merchant", "to_decision_unanswered")
        assert clock.inputs["n"] == 48

    def test_five_working_days_from_saturday_end_with_friday(self):
        """Mon 23, Tue 24, Wed 25, Thu 26, Fri 27 November."""
        assert promises.due("silence.decision", start=NOW, at=NOW).last_day == date(2026, 11, 27)

    def test_a_payment_expires_after_30_minutes(self):
        assert promises.due("silence.order_unpaid", start=NOW, at=NOW).due_at == china(2026, 11, 21, 9, 30)

    def test_the_buyers_own_7_days_roll_over_a_weekend_and_the_merchants_do_not(self):
        """21 + 7 = Saturday 28 November."""
        assert promises.due("silence.return_posting", start=NOW, at=NOW).last_day == date(2026, 11, 30)
        assert promises.due("silence.remedy", start=NOW, at=NOW).last_day == date(2026, 11, 28)

    def test_a_parcel_from_abroad_has_longer(self):
        assert promises.due("silence.parcel_no_scan", start=NOW, at=NOW, cross_border=True).inputs["n"] == 15

    def test_a_listings_own_promise_replaces_the_default(self):
        clock = promises.due("silence.order_dispatch", start=NOW, at=NOW, length=Length(24, "h"))
        assert clock.due_at == china(2026, 11, 22, 9)

    def test_whose_turn_it_is_must_be_said(self):
        with pytest.raises(ValueError, match="owner"):
            promises.due("silence.negotiation_offer", start=NOW, at=NOW)
        assert promises.due("silence.negotiation_offer", start=NOW, at=NOW, owner="buyer").owner == "buyer"

    def test_a_clock_nobody_wrote_down_is_refused(self):
        with pytest.raises(policies.PolicyUnknown, match="nap"):
            promises.due("silence.nap", start=NOW, at=NOW)

    def test_working_days_over_new_year_are_provisional(self):
        start = china(2026, 12, 30)
        assert promises.due("silence.decision", start=start, at=NOW).provisional

    def test_every_clock_of_the_table_can_be_booked(self):
        for row in policies.rows("silence", NOW):
            clock = promises.due(row.name, start=NOW, at=NOW, owner="buyer")
            assert clock.due_at >= NOW
            assert set(clock.as_booking()) == {
                "due_at", "rule_id", "pack_version", "calendar_version", "provisional", "inputs", "owner",
            }  # fmt: skip
            assert len(clock.pack_version) <= 40


class TestSettlement:
    def settle(self, delivered_at, **options):
        window = statute.return_window(delivered_at=delivered_at, at=NOW)
        return promises.settlement(delivered_at=delivered_at, return_window=window, at=NOW, **options)

    def test_ten_days_after_delivery_when_that_is_later(self):
        """Mon 2 November: window to the 9th + 3 = 12; 2 + 10 = 12."""
        assert self.settle(china(2026, 11, 2)).last_day == date(2026, 11, 12)

    def test_three_days_after_a_window_that_rolled_when_that_is_later(self):
        """Thu 24 September: 7 days roll to 8 October, + 3 = 11; 24 + 10 = 4 October."""
        settled = self.settle(china(2026, 9, 24))
        assert settled.last_day == date(2026, 10, 11)
        assert settled.due_at == datetime(2026, 10, 11, 16, tzinfo=UTC)

    def test_payout_delay_and_the_new_shops_hold_come_on_top(self):
        """12 + 5 + 7 = 24 November."""
        settled = self.settle(china(2026, 11, 2), payout_delay_days=5, new_shop=True)
        assert settled.last_day == date(2026, 11, 24)
        assert settled.inputs["extra_hold_days"] == 7

    def test_a_longer_promise_of_the_merchant_moves_it(self):
        """Mon 2 + 30 = Wed 2 December, + 3 = 5."""
        delivered = china(2026, 11, 2)
        window = statute.return_window(delivered_at=delivered, at=NOW, promised_days=30)
        settled = promises.settlement(delivered_at=delivered, return_window=window.due_at, at=NOW)
        assert settled.last_day == date(2026, 12, 5)

    def test_without_a_window_ten_days_remain(self):
        settled = promises.settlement(delivered_at=china(2026, 11, 2), return_window=None, at=NOW)
        assert settled.last_day == date(2026, 11, 12)

    def test_from_abroad_fifteen_days(self):
        assert self.settle(china(2026, 11, 2), cross_border=True).last_day == date(2026, 11, 17)
