"""Who looked: one line per look, a net beneath it, and an alarm when it is unusual."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import resolve, reverse

from accounts.staff import subjects_in
from kernel import clock
from kernel.actor import Actor
from notifications.models import Letter
from orders import access as orders_access
from outbox.relay import drain_all
from privacy import access_record, access_watch, opened
from privacy.middleware import AREAS, AccessNetMiddleware, UnrecordedLook
from privacy.models import AccessAlarm, AccessRecord, AlarmCause, Export
from privacy.subjects import create_subject
from tests.builders.cases import a_complaint
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_buyer, a_member, a_staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ADDRESS = "orders.Order.address"


def look(actor, subject_id, *, at=AT, purpose="complaint.read", expected=True):
    access_record.record(
        actor=actor, subject_id=subject_id, purpose=purpose, fields=[ADDRESS], at=at, expected=expected
    )


class TestLinesFor:
    def test_come_newest_first_in_words_and_never_name_the_staff(self):
        order, staff = an_order(), a_staff()
        member = a_member(order.merchant)
        look(member.actor, order.subject_id, purpose="orders.fulfilment")
        look(staff.actor, order.subject_id, at=AT + timedelta(hours=1))
        look(Actor.carrier("sandbox"), order.subject_id, at=AT + timedelta(hours=2), purpose="nobody knows")

        carrier, reviewer, shop = access_record.lines_for(order.subject_id)

        assert (shop.who, shop.purpose) == ("Somebody of the shop", "To send your order")
        assert (shop.merchant_id, shop.fields) == (order.merchant_id, ("Full address",))
        assert (reviewer.who, reviewer.merchant_id) == ("Somebody of the platform", None)
        assert (carrier.who, carrier.purpose) == ("The carrier", "Another reason")
        assert str(staff.subject_id) not in repr([carrier, reviewer, shop])

    def test_are_one_s_own_only(self):
        mine, other = a_buyer(), a_buyer()
        look(a_staff().actor, mine.subject_id)

        assert len(access_record.lines_for(mine.subject_id)) == 1
        assert access_record.lines_for(other.subject_id) == []

    def test_leave_out_one_s_own_looks(self):
        mine = a_buyer()
        look(mine.actor, mine.subject_id)

        assert access_record.lines_for(mine.subject_id) == []


def page_that_reads(order, *, announced):
    """A view that shows the order's address, with or without a line."""

    def view(request):
        if announced:
            with access_record.looking(
                actor=request.actor, subject_id=order.subject_id, purpose="x", fields=[ADDRESS], at=AT
            ):
                return answer(order)
        return answer(order)

    return view


def answer(order):
    from django.http import HttpResponse

    return HttpResponse(type(order).objects.get(pk=order.pk).address)


class TestTheNet:
    def test_a_page_that_shows_data_without_a_line_fails_here(self, rf):
        order, staff = an_order(), a_staff()
        request = rf.get("/admin/somewhere/")
        request.actor = staff.actor

        with pytest.raises(UnrecordedLook, match=ADDRESS):
            AccessNetMiddleware(page_that_reads(order, announced=False))(request)
        AccessNetMiddleware(page_that_reads(order, announced=True))(request)

    def test_on_a_live_site_it_writes_the_line_itself_and_raises_an_alarm(self, rf, settings):
        settings.UNRECORDED_LOOKS_FAIL = False
        order, staff = an_order(), a_staff()
        request = rf.get("/merchant/x/orders/")
        request.actor, request.resolver_match = staff.actor, None

        with clock.frozen(AT):
            AccessNetMiddleware(page_that_reads(order, announced=False))(request)

        line = AccessRecord.objects.get(subject_id=order.subject_id)
        assert (line.purpose, line.fields, line.expected) == ("unannounced", [ADDRESS], False)
        assert access_watch.watch(at=AT) == 1
        assert AccessAlarm.objects.get().cause == AlarmCause.UNANNOUNCED

    def test_one_s_own_data_needs_no_line(self, rf):
        order = an_order()
        request = rf.get(f"{AREAS[0]}x/")
        request.actor = Actor.staff(order.subject_id)

        assert AccessNetMiddleware(page_that_reads(order, announced=False))(request).status_code == 200

    def test_elsewhere_nothing_is_kept_in_mind(self, rf):
        order = an_order()

        assert (
            AccessNetMiddleware(page_that_reads(order, announced=False))(rf.get("/orders/")).status_code
            == 200
        )
        with opened.on_this_page() as page:
            answer(order)
        assert page.columns == {order.subject_id: {ADDRESS}}


class TestWatch:
    def many(self, actor, number, *, at=AT):
        for _ in range(number):
            look(actor, create_subject(locale="en", at=AT).pk, at=at)

    def test_many_people_in_an_hour_are_told_once_a_day(self):
        staff = a_staff()
        self.many(staff.actor, 30)
        assert access_watch.watch(at=AT) == 0

        self.many(staff.actor, 1)
        assert access_watch.watch(at=AT + timedelta(minutes=5)) == 1
        self.many(staff.actor, 40)
        assert access_watch.watch(at=AT + timedelta(minutes=6)) == 0

        alarm = AccessAlarm.objects.get()
        assert (alarm.actor, alarm.cause, alarm.people) == (str(staff.actor), "many_people", 31)

    def test_older_looks_and_other_readers_do_not_add_up(self):
        self.many(a_staff().actor, 20, at=AT - timedelta(minutes=61))
        self.many(a_staff().actor, 20)
        self.many(a_staff().actor, 20)

        assert access_watch.watch(at=AT) == 0

    def test_a_shop_s_packers_may_look_at_many(self):
        order = an_order()
        self.many(a_member(order.merchant).actor, 100)

        assert access_watch.watch(at=AT) == 0

    def test_a_large_file_is_unusual(self):
        staff = a_staff()
        people = [create_subject(locale="en", at=AT).pk for _ in range(3)]
        number = access_record.record_export(
            actor=staff.actor, what="orders", rows=3, subject_ids=people, fields=[ADDRESS], at=AT
        )
        Export.objects.create(number="X2", actor=str(staff.actor), what="orders", rows=900, people=900, at=AT)

        assert access_watch.watch(at=AT) == 1
        assert AccessAlarm.objects.get().people == 900
        assert number.startswith("X") and AccessRecord.objects.filter(purpose="orders").count() == 3

    def test_officers_and_the_people_concerned_are_written_to(self):
        order, staff = an_order(), a_staff()
        officer = a_staff(role=officer_role())
        look(staff.actor, order.subject_id, expected=False)
        access_watch.watch(at=AT)

        drain_all()

        told = set(Letter.objects.filter(kind="privacy.unusual_access").values_list("subject_id", flat=True))
        assert officer.subject_id in told and told == set(subjects_in(officer_role()))
        person = Letter.objects.get(kind="privacy.your_data_was_seen")
        assert (person.subject_id, str(staff.subject_id) in str(person.params)) == (order.subject_id, False)
        assert resolve(person.params["path"]).view_name == "privacy:looked"
        told = Letter.objects.filter(kind="privacy.unusual_access", subject_id=officer.subject_id).get()
        assert officer.client.get(told.params["path"]).status_code == 200

    def test_an_officer_gets_no_letter_about_herself(self):
        officer = a_staff(role=officer_role())
        look(officer.actor, a_buyer().subject_id, expected=False)
        access_watch.watch(at=AT)

        drain_all()

        assert (
            Letter.objects.filter(kind="privacy.unusual_access", subject_id=officer.subject_id).count() == 0
        )


def officer_role():
    from accounts.access_letters import WATCHES

    return WATCHES


class TestPagesOfCases:
    def test_a_case_that_nobody_brought_to_us_is_an_unexpected_look(self):
        complaint, staff = a_complaint(), a_staff()
        page = reverse("admin:complaints_complaint_change", args=[complaint.pk])

        assert staff.client.get(page).status_code == 200

        line = AccessRecord.objects.get(subject_id=complaint.subject_id)
        assert (line.purpose, line.expected) == ("complaint.read", False)


class TestPrivatePurchase:
    def seen(self, order, *, days):
        member = a_member(order.merchant)
        from merchants.access import membership_for

        membership = membership_for(member.actor, order.merchant.slug)
        order = type(order).objects.get(pk=order.pk)
        return orders_access.recipient_for_merchant(membership, order, at=AT + timedelta(days=days))

    def ended(self):
        from orders import cancellation

        order = an_order()
        cancellation.cancel(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=ORDERED)
        return order

    def test_the_first_character_goes_some_weeks_after_the_end(self):
        order = self.ended()
        nothing = {"name": "", "phone": "", "address": "", "note": ""}

        assert self.seen(order, days=30) == nothing | {"name": "林*"}
        assert self.seen(order, days=100) == nothing
        assert set(AccessRecord.objects.values_list("purpose", flat=True)) == {"orders.masked"}

    def test_after_erasure_nothing_is_left_and_the_page_still_opens(self):
        from privacy import keys

        order = self.ended()
        keys.destroy(subject_id=order.subject_id, at=AT)

        assert self.seen(order, days=1)["name"] == ""
        page = reverse("orders:merchant-order", args=[order.merchant.slug, order.number])
        assert a_member(order.merchant).client.get(page).status_code == 200
