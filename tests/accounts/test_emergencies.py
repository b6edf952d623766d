"""Breaking the glass: heard by everybody, over in minutes, written down, reviewed by somebody else."""

from datetime import UTC, datetime, timedelta

import pgtrigger
import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from accounts import emergencies
from accounts.models import Emergency, StaffAct
from accounts.staff import Role
from deadlines import booking
from kernel import clock
from notifications.models import Letter
from tests.builders.people import a_staff

pytestmark = pytest.mark.django_db

BREAK = {
    "role": "money_desk",
    "reason": "Provider down, a buyer's refund is stuck, nobody of the desk answers.",
}
FOUND = {"justified": "yes", "finding": "The desk could not be reached; one refund was looked at."}


@pytest.fixture
def people():
    return a_staff(Role.REVIEWER), a_staff(Role.SECURITY_OFFICER), a_staff(Role.AUDITOR)


def broken(person):
    answer = person.client.post(reverse("staff:glass"), BREAK)
    assert answer.status_code == 303, answer.content.decode()
    return Emergency.objects.get()


def test_it_opens_what_the_role_forbids_and_everybody_hears_it(people):
    person, officer, auditor = people
    ledger = "/admin/payments/ledgerentry/"
    assert person.client.get(ledger).status_code == 403
    found = broken(person)
    assert person.client.get(ledger).status_code == 200
    assert person.client.get("/admin/rulebook/policy/").status_code == 403
    heard = Letter.objects.filter(kind="accounts.emergency_opened").values_list("subject_id", flat=True)
    assert set(heard) == {officer.subject_id, auditor.subject_id}
    assert 'role="alert"' in officer.client.get("/admin/").content.decode()
    looked = StaffAct.objects.filter(
        emergency=found, method="GET", page="admin:payments_ledgerentry_changelist"
    )
    assert looked.count() == 1
    assert booking.find(kind="accounts.emergency_review", reference=found.pk) is not None


def test_it_is_over_by_itself(people):
    person = people[0]
    found = broken(person)
    assert (found.ends_at - found.session.started_at) <= timedelta(minutes=31)
    with pgtrigger.ignore("accounts.Emergency:an_emergency_is_not_rewritten"):
        Emergency.objects.update(ends_at=datetime.now(UTC) - timedelta(minutes=1))
    assert person.client.get("/admin/payments/ledgerentry/").status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        {"role": "security_officer"},
        {"role": "auditor"},
        {"role": "reviewer"},
        {"role": "x"},
        {"reason": "urgent"},
    ],
)
def test_some_powers_and_short_reasons_open_nothing(people, sent):
    assert people[0].client.post(reverse("staff:glass"), BREAK | sent).status_code == 422
    assert not Emergency.objects.exists()


def test_one_at_a_time(people):
    broken(people[0])
    assert people[0].client.post(reverse("staff:glass"), BREAK | {"role": "senior"}).status_code == 422


def test_somebody_else_reviews_it(people):
    person, officer, auditor = people
    found = broken(person)
    review = reverse("staff:review", args=[found.pk])
    assert person.client.post(review, FOUND).status_code == 403
    with pytest.raises(emergencies.OwnEmergency):
        emergencies.review(
            emergency_id=found.pk,
            justified=True,
            finding=FOUND["finding"],
            actor=person.actor,
            at=clock.now(),
        )
    assert BREAK["reason"][:20] in officer.client.get(reverse("staff:emergencies")).content.decode()
    officer.client.post(review, FOUND | {"finding": ""})
    assert emergencies.to_review() == [found]
    officer.client.post(review, FOUND)
    found.refresh_from_db()
    assert (found.reviewed_by, found.justified, found.finding) == (officer.subject_id, True, FOUND["finding"])
    assert booking.find(kind="accounts.emergency_review", reference=found.pk) is None
    auditor.client.post(review, FOUND | {"justified": "no"})
    found.refresh_from_db()
    assert found.reviewed_by == officer.subject_id


def test_unreviewed_it_goes_to_the_seniors(people):
    senior = a_staff(Role.SENIOR)
    found = broken(people[0])
    due = booking.find(kind="accounts.emergency_review", reference=found.pk).due_at
    for _ in range(2):
        emergencies.on_review_due(reference=found.pk, due_at=due, at=due)
    found.refresh_from_db()
    assert found.with_senior
    overdue = Letter.objects.filter(kind="accounts.emergency_overdue")
    assert set(overdue.values_list("subject_id", flat=True)) == {
        people[1].subject_id, people[2].subject_id, senior.subject_id
    }  # fmt: skip
    assert overdue.count() == 3


@pytest.mark.parametrize(
    "change",
    [
        "reviewed_by = subject_id, reviewed_at = now(), justified = true",
        "reviewed_by = gen_random_uuid()",
        "ends_at = ends_at + interval '1 day'",
        "role = 'senior'",
        "opened_at = now() - interval '1 day'",
    ],
)
def test_sql_can_not_review_ones_own_or_rewrite_it(people, change):
    broken(people[0])
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_emergency SET {change}")
