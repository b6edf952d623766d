"""What the shop and the catalogue desk see of a submission, over HTTP."""

import pytest
from django.urls import reverse

from accounts.staff import Role
from catalog.models import Listing, ListingRevision, Submission
from tests.builders.people import a_member, a_staff
from tests.builders.shops import a_listing, a_merchant
from tests.builders.submissions import BANNED, a_refused_submission, a_submission

pytestmark = pytest.mark.django_db


def page_of(submission):
    listing = submission.listing
    return reverse("catalog:submission", args=[listing.merchant.slug, listing.pk, submission.pk])


def desk_of(submission):
    return reverse("admin:catalog_submission_change", args=[submission.pk])


def step_of(submission):
    return reverse("admin:catalog_submission_step", args=[submission.pk])


class TestTheShop:
    def test_hands_in_and_reads_each_finding_at_its_words(self):
        merchant = a_merchant()
        owner, listing = a_member(merchant), a_listing(merchant=merchant, live=False, title=BANNED)
        answer = owner.client.post(reverse("catalog:listing-publication", args=[merchant.slug, listing.pk]))
        submission = Submission.objects.get()
        assert answer.headers["Location"] == page_of(submission)
        html = owner.client.get(page_of(submission)).content.decode()
        assert "月白釉手作横手急须，<mark>全网最佳</mark>出汤" in html
        assert "广告法" in html
        assert "删掉排名" in html
        assert not ListingRevision.objects.exists()

    def test_contests_and_takes_back(self):
        submission = a_refused_submission()
        owner = a_member(submission.listing.merchant)
        empty = owner.client.post(page_of(submission), {"step": "contest", "text": " "})
        assert empty.status_code == 422
        owner.client.post(page_of(submission), {"step": "contest", "text": "“最佳”是注册商标"})
        submission.refresh_from_db()
        assert submission.state == "contested"
        owner.client.post(page_of(submission), {"step": "take_back"})
        submission.refresh_from_db()
        assert submission.state == "taken_back"

    def test_another_shop_s_is_not_there(self):
        submission, stranger = a_submission(), a_member(a_merchant())
        assert stranger.client.get(page_of(submission)).status_code == 404
        other = a_submission()
        mixed = reverse(
            "catalog:submission",
            args=[submission.listing.merchant.slug, submission.listing.pk, other.pk],
        )
        assert a_member(submission.listing.merchant).client.get(mixed).status_code == 404


class TestTheDesk:
    def test_passes_it(self):
        submission = a_submission()
        desk = a_staff(Role.CATALOGUE_DESK)
        html = desk.client.get(desk_of(submission)).content.decode()
        assert "月白釉手作横手急须" in html
        desk.client.post(step_of(submission), {"step": "approve"})
        assert Listing.objects.get(pk=submission.listing_id).is_live

    def test_refuses_with_words_and_the_shop_reads_them(self):
        submission = a_submission()
        desk = a_staff(Role.CATALOGUE_DESK)
        said = {"step": "refuse", "reason": "没有依据", "rule_id": "cn.ads.false"}
        desk.client.post(step_of(submission), {**said, "field": "title_zh-hans", "words": "手作"})
        html = a_member(submission.listing.merchant).client.get(page_of(submission)).content.decode()
        assert "月白釉<mark>手作</mark>横手急须" in html
        assert "没有依据" in html

    def test_nothing_happens_without_a_reason(self):
        submission = a_submission()
        a_staff(Role.CATALOGUE_DESK).client.post(step_of(submission), {"step": "refuse"})
        submission.refresh_from_db()
        assert submission.state == "waiting"

    def test_what_is_overdue_is_a_senior_s(self):
        submission = a_submission()
        Submission.objects.filter(pk=submission.pk).update(with_senior=True)
        assert a_staff(Role.CATALOGUE_DESK).client.post(step_of(submission)).status_code == 403
        a_staff(Role.SENIOR).client.post(step_of(submission), {"step": "approve"})
        assert Listing.objects.get(pk=submission.listing_id).is_live

    def test_says_when_the_shop_s_name_imitates_another(self):
        a_merchant(display_name="Qingchuan Tea")
        submission = a_submission(merchant=a_merchant(display_name="Qingсhuаn Tea"))
        html = a_staff(Role.CATALOGUE_DESK).client.get(desk_of(submission)).content.decode()
        assert "Qingchuan Tea" in html
