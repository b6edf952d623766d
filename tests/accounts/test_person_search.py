"""Staff find a person by an exact address for a stated purpose; the search is on record, found or not."""

import pytest

from accounts.staff_roles import Role
from notifications import addressees
from privacy.models import AccessRecord, LookUp
from tests.builders.people import JOINED, a_buyer, a_staff

pytestmark = pytest.mark.django_db
PAGE = "/staff/people/"


def search(staff, text, *, by="email", reference="P7M3Q9XK2PB", cause="request"):
    return staff.client.post(PAGE, {"by": by, "text": text, "cause": cause, "reference": reference})


@pytest.fixture
def officer():
    return a_staff(Role.PRIVACY_OFFICER)


class TestLookUp:
    def test_finds_the_whole_address_in_any_spelling_and_tells_the_person(self, officer):
        person = a_buyer(email="anna.search@example.com")

        page = search(officer, " Anna.Search@EXAMPLE.com ")

        assert str(person.subject_id) in page.content.decode()
        looked = LookUp.objects.get()
        assert (looked.subject_id, looked.purpose, looked.reference) == (
            person.subject_id,
            "request",
            "P7M3Q9XK2PB",
        )
        line = AccessRecord.objects.get(subject_id=person.subject_id)
        assert (line.purpose, line.fields) == ("person.search", ["notifications.Addressee.email"])

    def test_finds_a_telephone_however_it_is_written(self, officer):
        person = a_buyer()
        addressees.record(subject_id=person.subject_id, phone="139 7788 4411", at=JOINED)

        page = search(officer, "+86-139-7788-4411", by="phone")

        assert str(person.subject_id) in page.content.decode()

    def test_nobody_is_found_by_a_part_and_the_search_is_on_record_all_the_same(self, officer):
        a_buyer(email="anna.search@example.com")

        page = search(officer, "anna@example.com")

        assert page.status_code == 200 and LookUp.objects.get().subject_id is None
        assert not AccessRecord.objects.filter(purpose="person.search").exists()
        assert search(officer, "anna").status_code == 422
        assert LookUp.objects.count() == 1

    def test_without_the_number_of_a_case_nothing_is_searched(self, officer):
        assert search(officer, "a@example.com", reference="?").status_code == 422
        assert not LookUp.objects.exists()

    def test_what_was_typed_is_nowhere_and_other_days_and_readers_cannot_be_joined(self, officer):
        search(officer, "anna.search@example.com")
        search(a_staff(Role.SECURITY_OFFICER), "anna.search@example.com", cause="security")

        first, second = LookUp.objects.order_by("id")
        assert first.digest != second.digest and len(first.digest) == 64
        assert "anna" not in repr(LookUp.objects.values())

    def test_roles_without_the_power_are_refused(self):
        assert a_staff(Role.LAW_EDITOR).client.get(PAGE).status_code == 403
        assert search(a_staff(Role.MONEY_DESK), "a@example.com").status_code == 403
        assert a_buyer().client.get(PAGE).status_code == 404
