"""Every address of credit and reviews, over HTTP: who sees what, and what bad input meets."""

import pytest
from django.urls import reverse

from credit.models import Review, ReviewNote
from kernel import clock
from tests.builders.orders import an_order, drain
from tests.builders.people import a_buyer, a_guest, a_member, a_visitor
from tests.builders.reviews import DELIVERED, REVIEWED, a_review, an_entry
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db

SAID = {"goods": "5", "description": "4", "delivery": "3", "aftersales": "5", "text": "壶嘴断水干净。"}


def key(n=1):
    return {"idempotency_key": f"k{n}" * 10}


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def buyer():
    return a_buyer("林未")


@pytest.fixture
def order(buyer):
    return an_order(delivered_at=DELIVERED, subject_id=buyer.subject_id)


def address(order):
    return reverse("credit:review", args=[order.number, order.lines.get().pk])


class TestReviewingOverHttp:
    def test_the_journey(self, buyer, order):
        listing = order.lines.get().listing_id
        with clock.frozen(REVIEWED):
            form = buyer.client.get(address(order))
            assert form.status_code == 200 and "checked" not in text_of(form)
            done = buyer.client.post(address(order), SAID | key())
            assert done.status_code == 303 and done["Location"] == address(order)
            drain(at=REVIEWED)
            shown = text_of(a_visitor().client.get(reverse("credit:reviews", args=[listing])))
            assert "林**" in shown and "林未" not in shown and "壶嘴断水干净。" in shown
            added = buyer.client.post(
                reverse("credit:follow-up", args=[order.number, order.lines.get().pk]),
                {"text": "用了一个月仍然好。"} | key(2),
            )
            assert added.status_code == 303
            member = a_member(order.merchant)
            reply = reverse("credit:shop-reply", args=[order.merchant.slug, Review.objects.get().pk])
            assert member.client.post(reply, {"text": "谢谢惠顾。"} | key(3)).status_code == 303
            shown = text_of(a_visitor().client.get(reverse("credit:reviews", args=[listing])))
        assert "用了一个月仍然好。" in shown and "谢谢惠顾。" in shown

    def test_a_double_click_makes_one_review(self, buyer, order):
        first, second = (buyer.client.post(address(order), SAID | key()) for _ in range(2))
        assert first.status_code == second.status_code == 303
        assert Review.objects.count() == 1

    def test_a_second_form_is_told_why_not(self, buyer, order):
        buyer.client.post(address(order), SAID | key())
        again = buyer.client.post(address(order), SAID | {"goods": "1"} | key(2))
        assert again.status_code == 409 and "已经评价过" in text_of(again)
        assert Review.objects.get().goods == 5

    @pytest.mark.parametrize(
        "wrong",
        [{"goods": ""}, {"goods": "6"}, {"description": "0"}, {"delivery": "abc"}, {"aftersales": "4.5"}],
    )
    def test_a_bad_score_gets_a_message_at_its_field(self, buyer, order, wrong):
        answer = buyer.client.post(address(order), SAID | wrong | key())
        assert answer.status_code == 422 and "请打 1 到 5 分" in text_of(answer)
        assert SAID["text"] in text_of(answer) and not Review.objects.exists()

    def test_too_long_a_text_gets_a_message_and_stays(self, buyer, order):
        answer = buyer.client.post(address(order), SAID | {"text": "长" * 2001} | key())
        assert answer.status_code == 422 and "2001" in text_of(answer)
        assert not Review.objects.exists()
        # corrected, the same form goes through
        assert buyer.client.post(address(order), SAID | key()).status_code == 303

    def test_markup_is_shown_as_text(self, buyer, order):
        buyer.client.post(address(order), SAID | {"text": "<script>alert(1)</script>"} | key())
        shown = text_of(
            a_visitor().client.get(reverse("credit:reviews", args=[order.lines.get().listing_id]))
        )
        assert "<script>alert" not in shown and "&lt;script&gt;" in shown

    def test_not_before_delivery(self, buyer):
        order = an_order(shipped=True, subject_id=buyer.subject_id)
        assert "收到货以后" in text_of(buyer.client.get(address(order)))
        assert buyer.client.post(address(order), SAID | key()).status_code == 409
        assert not Review.objects.exists()

    def test_a_guest_reviews_their_own(self):
        guest = a_guest()
        order = an_order(delivered_at=DELIVERED, subject_id=guest.subject_id)
        assert guest.client.post(address(order), SAID | key()).status_code == 303
        assert Review.objects.get().nickname == "匿**"


class TestFourPeople:
    @pytest.mark.parametrize("who", ["owner", "other", "member", "stranger", "nobody"])
    def test_who_reads_and_writes_what(self, buyer, order, who):
        review = a_review(order=order)
        shop = order.merchant
        persons = {
            "owner": buyer, "other": a_buyer("乙"), "member": a_member(shop),
            "stranger": a_member(a_merchant()), "nobody": a_visitor(),
        }  # fmt: skip
        browser = persons[who].client
        line = order.lines.get().pk
        own = 200 if who == "owner" else 404
        portal = 200 if who == "member" else 404
        assert browser.get(address(order)).status_code == own
        for name in ("shop-credit", "shop-reviews"):
            assert browser.get(reverse(f"credit:{name}", args=[shop.slug])).status_code == portal
        reply = browser.post(
            reverse("credit:shop-reply", args=[shop.slug, review.pk]), {"text": "谢谢"} | key(1)
        )
        follow = browser.post(
            reverse("credit:follow-up", args=[order.number, line]), {"text": "补充"} | key(2)
        )
        assert reply.status_code == (303 if who == "member" else 404)
        assert follow.status_code == (303 if who == "owner" else 404)
        assert ReviewNote.objects.count() == (1 if who in ("member", "owner") else 0)

    def test_the_stranger_under_their_own_slug_finds_nothing(self, order):
        review, stranger_shop = a_review(order=order), a_merchant()
        stranger = a_member(stranger_shop)
        url = reverse("credit:shop-reply", args=[stranger_shop.slug, review.pk])
        assert stranger.client.post(url, {"text": "冒充"} | key()).status_code == 404
        assert not ReviewNote.objects.exists()

    def test_a_member_who_may_only_read_replies_to_nobody(self, order):
        from merchants.capabilities import Capability

        review, reader = a_review(order=order), a_member(order.merchant, [Capability.READ])
        url = reverse("credit:shop-reply", args=[order.merchant.slug, review.pk])
        assert reader.client.post(url, {"text": "谢谢"} | key()).status_code == 404
        page = text_of(reader.client.get(reverse("credit:shop-reviews", args=[order.merchant.slug])))
        assert url not in page


class TestCreditPages:
    def test_everybody_sees_the_why_and_only_members_the_cases(self, order):
        case = reverse("orders:merchant-order", args=[order.merchant.slug, order.number])
        url = reverse("credit:shop", args=[order.merchant.slug])
        public = text_of(a_visitor().client.get(url))
        inside = text_of(a_member(order.merchant).client.get(url))
        assert "按时发货" in public and case not in public and order.number not in public
        assert case in inside

    def test_a_stranger_sees_what_the_public_sees(self, order):
        url = reverse("credit:shop", args=[order.merchant.slug])
        assert order.number not in text_of(a_member(a_merchant()).client.get(url))

    def test_the_portal_says_what_would_raise_it(self, order):
        an_entry(order.merchant, "complaint_upheld", at=DELIVERED)
        member = a_member(order.merchant)
        with clock.frozen(DELIVERED):
            page = text_of(member.client.get(reverse("credit:shop-credit", args=[order.merchant.slug])))
        assert "能怎么提高" in page and "投诉获平台支持 × 1" in page and "+16.0" in page

    def test_the_fragment_and_the_whole_page_have_one_address(self, order):
        url = reverse("credit:summary", args=[order.merchant.slug])
        whole = text_of(a_visitor().client.get(url))
        part = text_of(a_visitor().client.get(url, headers={"HX-Request": "true"}))
        assert "<html" in whole and "<html" not in part and part.strip() in whole

    @pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
    def test_the_standard_reads_in_each_language(self, language):
        words = {"zh-hans": "按时发货", "zh-hant": "準時出貨", "en": "Dispatch and delivery"}
        page = a_visitor().client.get(reverse("credit:standard"), headers={"Accept-Language": language})
        assert page.status_code == 200 and words[language] in text_of(page)

    def test_reviews_page_by_page_cost_the_same(self, django_assert_max_num_queries):
        review = a_review()
        url = reverse("credit:reviews", args=[review.listing_id])
        with django_assert_max_num_queries(12):
            assert a_visitor().client.get(url).status_code == 200

    def test_absent_things_are_not_found(self):
        for url in ("/shop/nobody/credit/", "/p/00000000-0000-0000-0000-000000000000/reviews/"):
            assert a_visitor().client.get(url).status_code == 404
