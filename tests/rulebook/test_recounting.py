"""A year becomes known: provisional deadlines are counted again, never to the buyer's harm."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.staff import Role
from config import law_warnings
from deadlines import booking
from kernel.actor import Actor
from kernel.ids import new_id
from notifications.models import Letter
from orders.web import order_page
from outbox import relay
from rulebook import current, loading, promises, recounting, statute, warnings
from tests.builders.orders import an_order
from tests.builders.people import a_staff

pytestmark = pytest.mark.django_db

CHINA = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 12, 20, 2, 0, tzinfo=UTC)


def china(*parts):
    return datetime(*parts, tzinfo=CHINA)


def announce(*, off=(), work=(), version="cn-2026-12-21"):
    """The State Council's paper for 2027, as somebody at a desk would add it to the file."""
    data = json.loads((loading.LAW / "calendars" / "cn.json").read_text(encoding="utf-8"))
    data["version"] = version
    data["years"]["2027"] = {"off": ["2027-01-01", *off], "work": list(work)}
    text = json.dumps(data)
    loading.load_calendar(text=text, name="cn.json", actor=Actor.system(), at=AT)
    relay.drain_all()


def book(kind, window):
    return booking.book(kind=kind, reference=new_id(), at=AT, **window.as_booking())


def last_day(row):
    row.refresh_from_db()
    return (row.due_at.astimezone(CHINA) - timedelta(microseconds=1)).date()


def a_return_window():
    """Signed Fri 25 December + 7 = Fri 1 January, a rest day by statute; Sat, Sun; so Mon 4 provisionally."""
    signed = china(2026, 12, 25, 14)
    row = book("orders.return_window", statute.return_window(place="CN", delivered_at=signed, at=AT))
    assert (last_day(row), row.provisional) == (date(2027, 1, 4), True)
    return row


class TestTheBuyersWindow:
    def test_is_lengthened_when_more_rest_days_are_announced(self):
        """4 January turns out to be off: Tue 5."""
        row = a_return_window()
        announce(off=["2027-01-02", "2027-01-03", "2027-01-04"])
        assert last_day(row) == date(2027, 1, 5)
        assert (row.provisional, row.calendar_version) == (False, "cn-2026-12-21")
        assert row.changes.get().cause == "recounted"

    def test_is_not_shortened_when_a_weekend_is_worked(self):
        """Sat 2 January is a make-up day, so by the book it ended then; Mon 4 was shown and stays."""
        row = a_return_window()
        announce(work=["2027-01-02"])
        assert (last_day(row), row.provisional, row.changes.count()) == (date(2027, 1, 4), False, 0)

    def test_another_places_calendar_moves_nothing(self):
        row = a_return_window()
        data = json.loads((loading.LAW / "calendars" / "de.json").read_text(encoding="utf-8"))
        data["version"] = "de-new"
        loading.load_calendar(text=json.dumps(data), name="de.json", actor=Actor.system(), at=AT)
        relay.drain_all()
        assert (last_day(row), row.provisional) == (date(2027, 1, 4), True)

    def test_more_than_one_batch_is_counted_to_the_end(self, monkeypatch):
        monkeypatch.setattr(recounting, "BATCH", 2)
        rows = [a_return_window() for _ in range(5)]
        announce(off=["2027-01-02", "2027-01-03", "2027-01-04"])
        assert [last_day(row) for row in rows] == [date(2027, 1, 5)] * 5


def a_decision():
    window = promises.due("silence.decision", start=china(2026, 12, 28, 9), at=AT)
    return book("complaints.decision", window)


class TestTheOthersTime:
    def test_ours_isnt_lengthened_by_a_holiday_found_later(self):
        """Mon 28 December + 5 working days = 29 30 31 4 5: Tue 5; with the 4th off it were Wed 6."""
        row = book(
            "complaints.decision", promises.due("silence.decision", start=china(2026, 12, 28, 9), at=AT)
        )
        assert last_day(row) == date(2027, 1, 5)
        announce(off=["2027-01-02", "2027-01-03", "2027-01-04"])
        assert (last_day(row), row.provisional) == (date(2027, 1, 5), False)

    def test_it_is_shortened_by_a_worked_weekend(self):
        """29 30 31, then Sat 2 and Sun 3 January are worked: Sun 3."""
        row = book(
            "complaints.decision", promises.due("silence.decision", start=china(2026, 12, 28, 9), at=AT)
        )
        announce(work=["2027-01-02", "2027-01-03"])
        assert last_day(row) == date(2027, 1, 3)


def test_an_orders_settlement_follows_its_longer_return_window():
    """Window Mon 4 → Tue 5 January: the order's copies move, the money stays 3 days longer."""
    order = an_order(delivered_at=china(2026, 12, 25, 14), at=china(2026, 12, 20, 10))
    held = {each.kind: each for each in booking.open_for([order.pk])}
    before = held["orders.settlement"].due_at
    announce(off=["2027-01-02", "2027-01-03", "2027-01-04"])
    order.refresh_from_db()
    assert order.window_ends_at == china(2027, 1, 6, 0)
    assert order.settles_at >= max(before, china(2027, 1, 9, 0))
    assert order.settles_at == booking.find(kind="orders.settlement", reference=order.pk).due_at


class TestWarnings:
    def test_a_year_that_is_not_announced_is_named_with_what_runs_over_it(self):
        a_return_window()
        found = {(each.place, each.year): each.running for each in warnings.missing_years(AT)}
        assert found["CN", 2027] == 1
        announce()
        assert ("CN", 2027) not in {(each.place, each.year) for each in warnings.missing_years(AT)}

    def test_rules_that_no_lawyer_has_read_are_counted_by_law(self):
        found = warnings.unsure_rules(AT)
        assert found[0].place == "CN"
        assert all(0 < each.number <= each.of for each in found)
        assert {"EU", "UK"} <= {each.place for each in found}

    def test_officers_get_a_letter_about_a_missing_year_once_a_month(self):
        officer, _reviewer = a_staff(Role.LAW_EDITOR), a_staff(Role.REVIEWER)
        missing = len(warnings.missing_years(AT))
        assert law_warnings.warn_of_years(at=AT) == missing
        assert law_warnings.warn_of_years(at=AT + timedelta(days=1)) == 0
        assert law_warnings.warn_of_years(at=AT + timedelta(days=31)) >= missing
        assert set(Letter.objects.values_list("subject_id", flat=True)) == {officer.subject_id}

    def test_a_new_pack_tells_officers_how_many_rules_are_unsure(self):
        a_staff(Role.LAW_EDITOR)
        text = (loading.LAW / "packs" / "jp.toml").read_text(encoding="utf-8")
        version = current.pack("JP", AT).version
        text = text.replace(version, "jp-next", 1)
        loading.load_pack(text=text, name="jp.toml", actor=Actor.system(), at=AT)
        relay.drain_all()
        assert Letter.objects.get(kind="rulebook.rules_unsure").params["version"] == "jp-next"


def test_the_order_page_marks_a_provisional_date():
    order = an_order(delivered_at=china(2026, 12, 25, 14), at=china(2026, 12, 20, 10))
    found = booking.find(kind="orders.return_window", reference=order.pk)
    assert found.provisional
    assert order_page.clock(found, seat="buyer")["provisional"]
