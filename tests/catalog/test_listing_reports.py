"""Reports of illegal offers: by a guest over HTTP to the answer, their refusals, and the database's."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction

from accounts.staff import Role
from catalog import publishing, reports
from catalog.models import Listing, ListingMove, ListingReport
from catalog.reports import GoneAlready, ReasonMissing, ReportedAlready, TooManyReports, WordsTooShort
from deadlines.models import Deadline
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from notifications.models import Letter
from privacy import erasure
from privacy.models import AccessRecord
from tests.builders.listing_reports import WORDS, a_report
from tests.builders.people import a_buyer, a_member, a_staff, a_visitor
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
DESK, SYSTEM = Actor.staff(new_id()), Actor.system()
REASON, RULE = "商品没有 3C 证书，也没有生产者信息。", "cn.disclosure.ccc"


@pytest.fixture(autouse=True)
def _today(at):
    cache.clear()
    at(NOW)


def decided(held, outcome="taken_down", reason=REASON, rule_id=RULE, actor=DESK):
    return reports.decide(
        report_id=held.pk, outcome=outcome, reason=reason, rule_id=rule_id, actor=actor, at=NOW
    )


class TestJourney:
    def test_who_has_the_number_follows_it_to_the_answer(self):
        listing, guest = a_listing(), a_visitor().client
        held = a_report(listing, contact="13800000000", law="GB 31241")
        assert held.file_id and held.revision_id == listing.live_revision_id
        assert Listing.objects.get(pk=listing.pk).state == "live"
        said = guest.get(f"/reports/{held.number}/").content.decode()
        assert "我们在看" in said and WORDS not in said and "13800000000" not in said
        assert guest.post("/reports/track/", {"code": held.number})["Location"] == f"/reports/{held.number}/"
        self.answered_by_staff(held)
        said = guest.get(f"/reports/{held.number}/").content.decode()
        assert REASON in said and RULE in said and "已下架" in said
        assert guest.get(f"/p/{listing.pk}/").status_code == 200

    def answered_by_staff(self, held):
        desk = a_staff(Role.CATALOGUE_DESK).client
        page = f"/admin/catalog/listingreport/{held.pk}"
        assert WORDS not in desk.get(f"{page}/change/").content.decode()
        assert WORDS in desk.get(f"{page}/words").content.decode()
        record = AccessRecord.objects.get(subject_id=held.subject_id)
        assert (record.purpose, record.expected) == ("security.report", True)
        sent = {"outcome": "taken_down", "reason": REASON, "rule_id": RULE}
        assert desk.post(f"{page}/answer", sent).status_code == 302
        held.refresh_from_db()
        assert (held.state, held.reason, held.rule_id) == ("taken_down", REASON, RULE)

    def test_the_shop_gets_the_statement_of_reasons_and_never_the_reporter(self):
        listing = a_listing()
        owner = a_member(listing.merchant)
        held = decided(a_report(listing, contact="13911112222"))
        listing.refresh_from_db()
        assert listing.state == "withdrawn"
        move = ListingMove.objects.get(listing=listing, name="take_down")
        assert (move.reason, move.rule_id) == (REASON, RULE)
        letter = Letter.objects.get(subject_id=owner.subject_id, kind="catalog.taken_down")
        assert REASON in str(letter.params) and held.number not in str(letter.params)
        page = owner.client.get(f"/merchant/{listing.merchant.slug}/listings/{listing.pk}/").content.decode()
        assert held.number not in page and "13911112222" not in page and WORDS not in page

    def test_the_reporter_gets_a_letter_with_the_reasons(self):
        person, listing = a_buyer(), a_listing()
        held = a_report(listing, subject_id=person.subject_id)
        decided(held, "no_breach", rule_id="")
        letter = Letter.objects.get(kind=reports.LETTER)
        assert letter.subject_id == person.subject_id and letter.params["number"] == held.number
        assert Listing.objects.get(pk=listing.pk).state == "live"
        assert not Deadline.objects.filter(kind=reports.CLOCK, reference=held.pk, state="open").exists()

    @pytest.mark.parametrize(("language", "words"), [("en", "We are reading it"), ("zh-hant", "我們在看")])
    def test_in_the_other_languages(self, language, words):
        held, guest = a_report(a_listing()), a_visitor().client
        page = guest.get(f"/reports/{held.number}/", headers={"accept-language": language})
        assert words in page.content.decode()


class TestRefusals:
    @pytest.mark.parametrize("key", ["nonsense", "0" * 32])
    def test_what_was_never_on_sale_is_404(self, key):
        visitor = a_visitor().client
        assert visitor.get(f"/p/{key}/report/").status_code == 404
        assert visitor.get(f"/p/{a_listing(live=False).pk}/report/").status_code == 404
        assert visitor.get("/reports/J000000000/").status_code == 404

    def test_the_same_offer_twice_while_open(self):
        person, listing = a_buyer(), a_listing()
        held = a_report(listing, subject_id=person.subject_id)
        with pytest.raises(ReportedAlready) as refused:
            a_report(listing, subject_id=person.subject_id)
        assert held.number in str(refused.value) and ListingReport.objects.count() == 1
        decided(held, "no_breach", rule_id="")
        a_report(listing, subject_id=person.subject_id)

    def test_too_many_open_ones(self, monkeypatch):
        person, other = a_buyer(), a_listing()
        a_report(a_listing(), subject_id=person.subject_id)
        asked = reports.policies.number
        one = {"catalog.reports_open": 1}
        monkeypatch.setattr(reports.policies, "number", lambda name, at: one.get(name) or asked(name, at))
        with pytest.raises(TooManyReports):
            a_report(other, subject_id=person.subject_id)
        assert ListingReport.objects.count() == 1

    def test_words_that_say_nothing(self):
        with pytest.raises(WordsTooShort):
            a_report(a_listing(), words="   短   ")

    def test_an_answer_needs_reasons_a_live_offer_and_comes_once(self):
        listing = a_listing()
        held = a_report(listing)
        for bad in ({"reason": " "}, {"rule_id": ""}):
            with pytest.raises(ReasonMissing):
                decided(held, **bad)
        with pytest.raises(NotFound):
            decided(held, "burnt")
        publishing.withdraw(listing_id=listing.pk, actor=SYSTEM, at=NOW)
        with pytest.raises(GoneAlready):
            decided(held)
        held.refresh_from_db()
        assert held.state == "received" and not Letter.objects.filter(kind=reports.LETTER).exists()
        decided(held, "gone")
        with pytest.raises(NotFound):
            decided(held, "no_breach")

    def test_other_staff_don_t_read_the_words(self):
        held = a_report(a_listing())
        reviewer = a_staff(Role.MERCHANT_DESK).client
        assert reviewer.get(f"/admin/catalog/listingreport/{held.pk}/words").status_code in (403, 404)
        assert not AccessRecord.objects.filter(subject_id=held.subject_id).exists()


class TestClock:
    def test_late_it_stands_first_and_the_page_says_so(self):
        held = a_report(a_listing())
        reports.on_due(reference=held.pk, due_at=NOW, at=NOW + timedelta(seconds=1))
        held.refresh_from_db()
        assert held.overdue_at == NOW
        assert "我们晚了" in a_visitor().client.get(f"/reports/{held.number}/").content.decode()

    def test_an_answered_one_is_never_late(self):
        held = decided(a_report(a_listing()), "no_breach", rule_id="")
        reports.on_due(reference=held.pk, due_at=NOW, at=NOW)
        held.refresh_from_db()
        assert held.overdue_at is None


class TestDatabase:
    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ("state = 'taken_down', decided_at = now(), decided_by = 'x', reason = 'x'", "names_its_rule"),
            ("state = 'no_breach', decided_at = now(), decided_by = 'x'", "answer_has_reasons"),
            ("state = 'lost', decided_at = now(), decided_by = 'x', reason = 'x'", "state_is_known"),
            ("cause = 'envy'", "cause_is_known"),
        ],
    )
    def test_bent_rows(self, change, rule):
        a_report(a_listing())
        with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE catalog_listingreport SET {change}")

    def test_an_answer_stays_as_it_was(self):
        decided(a_report(a_listing()), "no_breach", rule_id="")
        with pytest.raises(IntegrityError, match="answered once"), transaction.atomic():
            ListingReport.objects.update(reason="anders")

    def test_words_and_contact_stand_sealed_and_go_with_the_person(self):
        person = a_buyer()
        held = a_report(a_listing(), subject_id=person.subject_id, contact="13911112222")
        with connection.cursor() as cursor:
            cursor.execute("SELECT words, contact FROM catalog_listingreport")
            sealed = b"".join(bytes(each) for each in cursor.fetchone())
        assert WORDS.encode() not in sealed and b"13911112222" not in sealed
        decided(held, "no_breach", rule_id="")
        erasure.forget(subject_id=person.subject_id, at=NOW)
        assert ListingReport.objects.get().state == "no_breach"
