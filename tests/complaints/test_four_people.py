"""Every address of a case, asked by the owner, another buyer, the shop's member and another shop's member."""

import pytest
from django.urls import reverse

from complaints import deadlines, saying
from complaints.lifecycle import Seat
from complaints.models import Complaint, ComplaintMove
from outbox.relay import drain_all
from tests.builders.cases import DELIVERED, OPENED, a_complaint
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_member, a_visitor
from tests.builders.shops import a_merchant
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(the_law):
    owner, other = a_buyer("甲"), a_buyer("乙")
    order = an_order(delivered_at=DELIVERED, subject_id=owner.subject_id)
    case = a_complaint(order=order)
    saying.say(
        complaint_id=case.pk,
        seat=Seat.BUYER,
        text="看图",
        uploads=[a_jpeg_upload()],
        actor=owner.actor,
        at=OPENED,
    )
    drain_all()
    member, stranger = a_member(order.merchant), a_member(a_merchant())
    return {
        "owner": owner,
        "other": other,
        "member": member,
        "stranger": stranger,
        "nobody": a_visitor(),
    }, case


def buyer_pages(case):
    exhibit = case.exhibits.get()
    n = case.number
    return [
        reverse("complaints:case", args=[n]),
        reverse("complaints:confirm", args=[n]) + "?choice=withdrawal",
        reverse("complaints:exhibit", args=[n, exhibit.pk]),
        reverse("complaints:file-story", args=[case.order.number]),
        reverse("complaints:file-evidence", args=[case.order.number]),
    ]


def shop_pages(case):
    slug, exhibit = case.merchant.slug, case.exhibits.get()
    return [
        reverse("complaints:shop-cases", args=[slug]),
        reverse("complaints:shop-case", args=[slug, case.number]),
        reverse("complaints:shop-exhibit", args=[slug, case.number, exhibit.pk]),
    ]


class TestReading:
    @pytest.mark.parametrize("who", ["owner", "other", "member", "stranger", "nobody"])
    def test_buyer_pages_are_the_owners(self, people, who):
        persons, case = people
        expected = 200 if who == "owner" else 404
        for url in buyer_pages(case):
            assert persons[who].client.get(url).status_code == expected, url

    @pytest.mark.parametrize("who", ["owner", "other", "member", "stranger", "nobody"])
    def test_shop_pages_are_the_members(self, people, who):
        persons, case = people
        expected = 200 if who == "member" else 404
        for url in shop_pages(case):
            assert persons[who].client.get(url).status_code == expected, url

    def test_the_stranger_under_their_own_slug_finds_nothing(self, people):
        persons, case = people
        from merchants.models import Membership

        own = Membership.objects.get(subject_id=persons["stranger"].subject_id).merchant.slug
        url = reverse("complaints:shop-case", args=[own, case.number])
        assert persons["stranger"].client.get(url).status_code == 404

    def test_a_picture_can_not_run_or_be_kept(self, people):
        persons, case = people
        answer = persons["owner"].client.get(buyer_pages(case)[2])
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert b"GPSCANARY" not in answer.content


class TestWriting:
    @pytest.mark.parametrize("who", ["other", "member", "stranger", "nobody"])
    def test_nobody_else_changes_the_buyers_case(self, people, who):
        persons, case = people
        browser = persons[who].client
        before = ComplaintMove.objects.count(), case.statements.count()
        key = {"idempotency_key": "k" * 20}
        for choice in ("acceptance", "referral", "withdrawal"):
            assert (
                browser.post(reverse("complaints:choose", args=[case.number, choice]), key).status_code == 404
            )
        said = browser.post(reverse("complaints:statements", args=[case.number]), {"text": "x"})
        assert said.status_code == 404
        assert (ComplaintMove.objects.count(), case.statements.count()) == before

    @pytest.mark.parametrize("who", ["owner", "other", "stranger", "nobody"])
    def test_nobody_else_answers_for_the_shop(self, people, who):
        persons, case = people
        url = reverse("complaints:shop-answer", args=[case.merchant.slug, case.number])
        told = {"kind": "accept", "text": "x", "idempotency_key": "k" * 20}
        assert persons[who].client.post(url, told).status_code == 404
        assert Complaint.objects.get(pk=case.pk).state == "open"


def test_both_lists_show_the_running_clock_with_its_rule_in_one_query(people, django_assert_num_queries):
    ground, case = people
    rule = reverse("rulebook:rule", args=["policy.silence.complaint_answer"])
    for seat, address in (
        ("owner", reverse("complaints:list")),
        ("member", reverse("complaints:shop-cases", args=[case.merchant.slug])),
    ):
        page = ground[seat].client.get(address).content.decode()
        assert page.count('class="running"') == page.count('class="lawpop"') == 1
        assert rule in page
    cases = list(Complaint.objects.all())
    with django_assert_num_queries(1):
        assert set(deadlines.shown_of(cases)) == {case.pk}
