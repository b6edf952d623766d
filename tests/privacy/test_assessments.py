"""Impact assessments: written by one, approved by another, in force for a time, kept as the law says."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.staff import Role
from deadlines.models import Deadline
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from notifications.models import Letter
from outbox.relay import drain_all
from privacy import assessments
from privacy.models import AssessedKind, Assessment, AssessmentResult
from tests.builders.people import a_buyer, a_staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
ONE, TWO = Actor.staff(uuid4()), Actor.staff(uuid4())
KIND = AssessedKind.ABROAD


def a_version(result: AssessmentResult = AssessmentResult.GOES_ON, at: datetime = AT) -> Assessment:
    both = {"en": "text", "zh-hans": "正文"}
    words = assessments.Words(both, both, both, both)
    return assessments.write(kind=KIND, words=words, result=result, actor=ONE, at=at)


def approved(result: AssessmentResult = AssessmentResult.GOES_ON, at: datetime = AT) -> Assessment:
    return assessments.approve(assessment_id=a_version(result, at).pk, actor=TWO, at=at)


def test_the_bundled_drafts_are_complete_and_wait_for_officers() -> None:
    assessments.load_bundled(at=AT)
    assert assessments.load_bundled(at=AT) == 0
    found = assessments.standing(AT)
    assert [one.kind for one in found] == list(AssessedKind)
    assert all(one.newest and not one.in_force for one in found)


def test_it_counts_from_the_second_person_until_its_day() -> None:
    found = a_version()
    assert not assessments.in_force(KIND, AT)
    with pytest.raises(assessments.OwnAssessment):
        assessments.approve(assessment_id=found.pk, actor=ONE, at=AT)
    found = assessments.approve(assessment_id=found.pk, actor=TWO, at=AT)
    assert assessments.in_force(KIND, AT)
    assert not assessments.in_force(KIND, found.expires_at)
    assert found.keep_until > AT + timedelta(days=3 * 365 - 1)
    with pytest.raises(assessments.ApprovedBefore):
        assessments.approve(assessment_id=found.pk, actor=TWO, at=AT)


def test_a_newer_version_that_says_stop_stops() -> None:
    approved()
    approved(AssessmentResult.STOPPED, at=AT + timedelta(days=1))
    assert not assessments.in_force(KIND, AT + timedelta(days=2))
    assert Deadline.objects.filter(kind=assessments.REVIEW, state="open").count() == 1


def test_texts_are_whole() -> None:
    words = assessments.Words({"en": "x", "zh-hans": " "}, {}, {}, {})
    with pytest.raises(assessments.AssessmentIncomplete):
        assessments.write(kind=KIND, words=words, result=AssessmentResult.GOES_ON, actor=ONE, at=AT)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE privacy_assessment SET risks = '{}' WHERE approved_by <> ''",
        "DELETE FROM privacy_assessment",
        "UPDATE privacy_assessment SET approved_by = made_by, approved_at = now(), expires_at = now(),"
        " keep_until = now() WHERE approved_by = ''",
    ],
)
def test_sql_changes_nothing(attack: str) -> None:
    approved()
    a_version()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_officers_hear_of_it_before_it_ends(platform_at: object) -> None:
    now = platform_at(AT)
    officer = a_staff(Role.PRIVACY_OFFICER)
    found = approved(at=now)
    platform_at(found.expires_at - timedelta(days=20))
    assert sweep_all() >= 1
    drain_all()
    kinds = Letter.objects.filter(subject_id=officer.subject_id).values_list("kind", flat=True)
    assert "privacy.assessment_ending" in set(kinds)


def test_the_desk_approves_and_takes_the_next_version() -> None:
    first = a_version()
    officer = a_staff(Role.PRIVACY_OFFICER)
    page = f"/admin/privacy/assessment/{first.pk}/change/"
    assert officer.client.get("/admin/privacy/assessment/").status_code == 200
    assert officer.client.post(page, {"approve": "1"}).status_code == 303
    assert Assessment.objects.get(pk=first.pk).approved_by == f"staff:{officer.subject_id}"
    said = {f"{name}_{key}": "x" for name in assessments.TEXTS for key in assessments.LANGUAGES}
    moved = officer.client.post(page, {"next": "1", "result": "stopped", **said})
    assert Assessment.objects.get(kind=KIND, version=2).result == "stopped"
    assert "colleague" in officer.client.get(moved["Location"], HTTP_ACCEPT_LANGUAGE="en").content.decode()
    auditor = a_staff(Role.AUDITOR)
    assert auditor.client.get(page).status_code == 200
    assert auditor.client.post(page, {"approve": "1"}).status_code == 403
    assert a_buyer().client.get(page).status_code in (302, 403, 404)
