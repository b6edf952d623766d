"""What the law wants weighed and nobody has: a warning at the start, on the desks, in the privacy centre."""

from datetime import timedelta

import pytest
from django.core.checks import Warning, run_checks
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts import security_desk
from accounts.staff import Role
from privacy import assessments
from privacy.models import AssessedKind, Assessment, AssessmentResult
from tests.builders.people import a_staff
from tests.privacy.test_assessments import AT, ONE, TWO

pytestmark = pytest.mark.django_db
PAGE = "/privacy/assessed/"
KINDS = len(AssessedKind)


def approved(kind, *, result=AssessmentResult.GOES_ON, at=AT):
    both = {"en": "text", "zh-hans": "正文"}
    words = assessments.Words(both, both, both, both)
    made = assessments.write(kind=kind, words=words, result=result, actor=ONE, at=at)
    return assessments.approve(assessment_id=made.pk, actor=TWO, at=at)


def warnings(*databases):
    found = run_checks(databases=databases or None)
    return {one.msg.split("“")[1].split("”")[0]: one for one in found if one.id == "config.W001"}


def on_the_desk(at):
    line = next(one for one in security_desk.waiting(now=at, at=at) if "impact assessment" in one.label)
    return line.number


def shown(language="en"):
    return Client(HTTP_ACCEPT_LANGUAGE=language).get(PAGE).content.decode()


def test_the_bundled_drafts_are_in_force_nowhere_and_that_is_said(platform_at):
    at = platform_at(AT)
    assessments.load_bundled(at=at)
    assert set(warnings("default")) == set(AssessedKind.values)
    assert all(isinstance(one, Warning) for one in warnings("default").values())
    assert on_the_desk(at) == KINDS
    assert shown().count("a draft waits for a second person") == KINDS
    assert shown("zh-hans").count("未生效") == KINDS


def test_it_asks_no_database_where_none_is_checked():
    assert warnings() == {}


def test_what_is_approved_is_silent_until_the_policys_days_before_its_end(platform_at):
    at = platform_at(AT)
    ends = max(approved(kind).expires_at for kind in AssessedKind)
    assert (warnings("default"), on_the_desk(at)) == ({}, 0)
    assert shown().count("Version 1 is in force") == KINDS
    last_quiet = ends - timedelta(days=30, seconds=1)
    platform_at(last_quiet)
    assert (warnings("default"), on_the_desk(last_quiet)) == ({}, 0)
    near = platform_at(ends - timedelta(days=30))
    assert {one.msg.rpartition(": ")[2] for one in warnings("default").values()} == {"ends soon"}
    assert on_the_desk(near) == KINDS
    assert shown().count("It ends soon") == KINDS
    over = platform_at(ends)
    assert {one.msg.rpartition(": ")[2] for one in warnings("default").values()} == {"none is in force"}
    assert on_the_desk(over) == KINDS
    assert shown().count("the last one has ended") == KINDS


def test_one_that_says_stop_is_in_force_for_nobody(platform_at):
    platform_at(AT)
    approved(AssessedKind.ABROAD, result=AssessmentResult.STOPPED)
    assert "we decided that it must stop" in shown()
    assert AssessedKind.ABROAD in warnings("default")


def test_the_officers_list_says_so_too(platform_at):
    at = platform_at(AT)
    ends = approved(AssessedKind.ABROAD, at=at).expires_at
    platform_at(ends - timedelta(days=10))
    page = a_staff(Role.PRIVACY_OFFICER).client.get("/admin/privacy/assessment/").content.decode()
    assert page.count("<b>") >= KINDS


def test_an_end_cannot_be_pushed_away_by_sql():
    approved(AssessedKind.ABROAD)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_assessment SET expires_at = expires_at + interval '1 year'")
    assert Assessment.objects.get().expires_at < AT + timedelta(days=367)
