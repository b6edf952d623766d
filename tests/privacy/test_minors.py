"""Children's accounts: strict by default, a guardian by consent, spending within limits."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.money import Money
from orders.models import Order
from privacy import ages, consent, guardians, minors, spending
from privacy.models import AgeBand, ConsentPurpose, GuardianLink, MinorProfile, SpendingRequest
from tests.builders.orders import a_checkout
from tests.builders.people import a_buyer
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def a_minor(band=AgeBand.FROM_14_TO_17, **told):
    child = a_buyer("小安")
    minors.declare(subject_id=child.subject_id, band=band, actor=child.actor, at=AT, **told)
    return child


def a_guardian_of(child, at=AT):
    parent = a_buyer("妈妈")
    _, code = guardians.invite(minor_id=child.subject_id, actor=child.actor, at=at)
    link = guardians.accept(
        code=code, guardian_id=parent.subject_id, version=1, language="en", actor=parent.actor, at=at
    )
    return parent, link


def agrees(person, purpose, *, who=None):
    consent.answer(
        subject_id=person.subject_id,
        purpose=purpose,
        agree=True,
        version=1,
        language="en",
        actor=(who or person).actor,
        at=AT,
    )


class TestDeclare:
    def test_what_minors_do_not_get_is_taken_back_with_a_receipt(self):
        child = a_buyer()
        agrees(child, ConsentPurpose.MARKETING)
        minors.declare(subject_id=child.subject_id, band=AgeBand.FROM_14_TO_17, actor=child.actor, at=AT)
        last = consent.receipts(subject_id=child.subject_id)[0]
        assert (last.purpose, last.choice) == ("marketing", "withdrawn")

    @pytest.mark.parametrize("purpose", sorted(consent.NOT_FOR_MINORS))
    def test_a_minor_cannot_agree_to_it(self, purpose):
        with pytest.raises(consent.NotForMinors):
            agrees(a_minor(), purpose)

    def test_nobody_grows_up_by_a_press_of_their_own(self):
        child = a_minor()
        with pytest.raises(minors.AgeKnown):
            minors.declare(subject_id=child.subject_id, band=minors.ADULT, actor=child.actor, at=AT)
        assert ages.is_minor(child.subject_id)

    def test_a_guardian_may_change_the_age_and_the_say_ends_with_it(self):
        child = a_minor()
        parent, _ = a_guardian_of(child)
        minors.declare(subject_id=child.subject_id, band=minors.ADULT, actor=parent.actor, at=AT)
        assert not ages.is_minor(child.subject_id)
        assert ages.guardians_of(child.subject_id) == []

    def test_the_birthday_that_matters_books_a_date(self):
        child = a_minor(border_on=date(2027, 3, 1))
        booked = booking.find(kind=minors.AGE_BORDER, reference=child.subject_id)
        assert booked.due_at == datetime(2027, 2, 28, 16, 0, tzinfo=UTC)

    def test_without_it_the_age_is_asked_again_after_a_year(self):
        booked = booking.find(kind=minors.AGE_BORDER, reference=a_minor().subject_id)
        assert booked.due_at.date() == date(2027, 11, 21)

    def test_a_month_that_has_passed_is_refused(self):
        with pytest.raises(minors.BorderInThePast):
            a_minor(border_on=date(2026, 11, 1))

    def test_when_the_date_comes_the_person_is_asked_and_strictness_stays(self):
        child = a_minor()
        later = AT + timedelta(days=366)
        minors.on_age_border(reference=child.subject_id, due_at=later, at=later)
        assert ages.is_minor(child.subject_id)
        minors.declare(subject_id=child.subject_id, band=minors.ADULT, actor=child.actor, at=later)
        assert not ages.is_minor(child.subject_id)


class TestGuardians:
    def test_the_code_is_kept_as_a_digest_only_and_works_once(self):
        child = a_minor()
        link, code = guardians.invite(minor_id=child.subject_id, actor=child.actor, at=AT)
        assert code not in str(GuardianLink.objects.values().get(pk=link.pk))
        parent, other = a_buyer(), a_buyer()
        told = {"code": f" {code.lower()} ", "version": 1, "language": "en", "at": AT}
        made = guardians.accept(guardian_id=parent.subject_id, actor=parent.actor, **told)
        assert (made.guardian_id, made.text_version) == (parent.subject_id, 1)
        with pytest.raises(guardians.CodeUnknown):
            guardians.accept(guardian_id=other.subject_id, actor=other.actor, **told)

    @pytest.mark.parametrize("wait, ended", [(timedelta(days=8), True), (timedelta(days=6), False)])
    def test_an_invitation_ends_after_a_week(self, wait, ended):
        child, parent = a_minor(), a_buyer()
        _, code = guardians.invite(minor_id=child.subject_id, actor=child.actor, at=AT)
        told = {"code": code, "version": 1, "language": "en", "at": AT + wait}
        if ended:
            with pytest.raises(guardians.CodeUnknown):
                guardians.accept(guardian_id=parent.subject_id, actor=parent.actor, **told)
        else:
            assert guardians.accept(guardian_id=parent.subject_id, actor=parent.actor, **told).accepted_at

    @pytest.mark.parametrize("who", ["the child", "another child"])
    def test_no_child_watches_over_a_child(self, who):
        child = a_minor()
        guardian = child if who == "the child" else a_minor()
        _, code = guardians.invite(minor_id=child.subject_id, actor=child.actor, at=AT)
        with pytest.raises(guardians.GuardianUnfit):
            guardians.accept(
                code=code,
                guardian_id=guardian.subject_id,
                version=1,
                language="en",
                actor=guardian.actor,
                at=AT,
            )

    def test_a_grown_up_needs_none(self):
        buyer = a_buyer()
        with pytest.raises(guardians.NotAMinor):
            guardians.invite(minor_id=buyer.subject_id, actor=buyer.actor, at=AT)

    def test_the_guardian_may_leave_and_nobody_else_may_end_it(self):
        child = a_minor()
        parent, link = a_guardian_of(child)
        for other in (child, a_buyer()):
            with pytest.raises(NotFound):
                guardians.end(link_id=link.pk, actor=other.actor, at=AT)
        guardians.end(link_id=link.pk, actor=parent.actor, at=AT)
        assert not ages.watches_over(guardian_id=parent.subject_id, minor_id=child.subject_id)

    def test_under_14_the_guardian_says_yes(self):
        child = a_minor(AgeBand.FROM_8_TO_13)
        with pytest.raises(consent.GuardianDecides):
            agrees(child, ConsentPurpose.SENSITIVE)
        parent, _ = a_guardian_of(child)
        agrees(child, ConsentPurpose.SENSITIVE, who=parent)
        assert consent.given(subject_id=child.subject_id, purpose=ConsentPurpose.SENSITIVE, at=AT)

    @pytest.mark.parametrize(
        "changes, rule",
        [
            ({"guardian_id": None}, "privacy_a_guardian_has_agreed"),
            ({"guardian": "minor"}, "privacy_nobody_is_their_own_guardian"),
            ({"accepted_at": AT + timedelta(days=9)}, "privacy_an_invitation_is_taken_up_in_time"),
            ({"order_limit_minor": -1}, "privacy_a_spending_limit_is_no_debt"),
        ],
    )
    def test_the_database_refuses_odd_links(self, changes, rule):
        _, link = a_guardian_of(a_minor())
        if changes.get("guardian") == "minor":
            changes = {"guardian_id": link.minor_id}
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            GuardianLink.objects.filter(pk=link.pk).update(**changes)


class TestSpending:
    def may_buy(self, child, yuan, at=AT):
        spending.require_may_buy(subject_id=child.subject_id, amount=Money(yuan * 100), at=at)

    def ask(self, child, yuan, at=AT):
        return spending.ask(minor_id=child.subject_id, amount_minor=yuan * 100, actor=child.actor, at=at)

    def test_grown_ups_are_not_asked(self):
        self.may_buy(a_buyer(), 100_000)

    def test_under_eight_nothing_is_ordered_not_even_with_a_guardian(self):
        child = a_minor(AgeBand.UNDER_8)
        a_guardian_of(child)
        with pytest.raises(spending.TooYoungToBuy):
            self.may_buy(child, 1)

    def test_small_things_need_no_question(self):
        child = a_minor()
        self.may_buy(child, 200)
        with pytest.raises(spending.GuardianMustAgree):
            self.may_buy(child, 201)

    def test_the_strictest_guardian_sets_the_limit(self):
        child = a_minor()
        for limit in (50_00, 10_00):
            parent, link = a_guardian_of(child)
            guardians.set_limit(link_id=link.pk, limit_minor=limit, actor=parent.actor, at=AT)
        with pytest.raises(spending.GuardianMustAgree):
            self.may_buy(child, 11)

    def test_a_yes_covers_one_order(self):
        child = a_minor()
        parent, _ = a_guardian_of(child)
        asked = self.ask(child, 500)
        spending.answer(request_id=asked.pk, agree=True, actor=parent.actor, at=AT)
        self.may_buy(child, 480)
        with pytest.raises(spending.GuardianMustAgree):
            self.may_buy(child, 480)

    @pytest.mark.parametrize("answered", [False, None])
    def test_a_no_and_silence_are_the_same(self, answered):
        child = a_minor()
        parent, _ = a_guardian_of(child)
        asked = self.ask(child, 500)
        if answered is False:
            spending.answer(request_id=asked.pk, agree=False, actor=parent.actor, at=AT)
        with pytest.raises(spending.GuardianMustAgree):
            self.may_buy(child, 480)
        with pytest.raises(NotFound):
            late = AT + timedelta(hours=24)
            spending.answer(request_id=asked.pk, agree=True, actor=parent.actor, at=late)

    def test_only_a_guardian_of_this_child_answers(self):
        child = a_minor()
        a_guardian_of(child)
        asked = self.ask(child, 500)
        stranger, _ = a_guardian_of(a_minor())
        for other in (stranger, child):
            with pytest.raises(NotFound):
                spending.answer(request_id=asked.pk, agree=True, actor=other.actor, at=AT)

    def test_asking_needs_somebody_to_ask(self):
        with pytest.raises(spending.NoGuardianYet):
            self.ask(a_minor(), 500)
        with pytest.raises(spending.AmountMissing):
            self.ask(a_minor(), 0)

    def test_checkout_obeys_and_orders_nothing(self):
        child = a_minor()
        listing = a_listing(price="999.00")
        with pytest.raises(spending.GuardianMustAgree):
            a_checkout(listings=[(listing, 1)], subject_id=child.subject_id, at=AT)
        assert not Order.objects.exists()
        assert a_checkout(
            listings=[(a_listing(price="20.00"), 1)], subject_id=a_minor().subject_id, at=AT
        ).orders

    @pytest.mark.parametrize(
        "changes, rule",
        [
            ({"amount_minor": 0}, "privacy_spending_is_positive"),
            ({"agreed": True}, "privacy_a_spending_answer_is_whole"),
            ({"used_at": AT}, "privacy_only_a_yes_is_spent"),
        ],
    )
    def test_the_database_refuses_odd_questions(self, changes, rule):
        child = a_minor()
        a_guardian_of(child)
        asked = self.ask(child, 500)
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            SpendingRequest.objects.filter(pk=asked.pk).update(**changes)


def test_an_unknown_band_is_refused_by_the_database():
    child = a_minor()
    with pytest.raises(IntegrityError, match="privacy_age_band_is_known"), transaction.atomic():
        MinorProfile.objects.filter(subject_id=child.subject_id).update(band="old")


def test_staff_may_set_an_age_right():
    child = a_minor()
    officer = Actor.staff(a_buyer().subject_id)
    minors.declare(subject_id=child.subject_id, band=minors.ADULT, actor=officer, at=AT)
    assert not ages.is_minor(child.subject_id)
