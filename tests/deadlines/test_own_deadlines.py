"""Nobody at the platform lengthens a time in a matter of their own: as buyer, as guest, or for a shop."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import linking
from accounts.staff import Role
from deadlines import moving
from deadlines.models import Deadline, DeadlineChange
from kernel import clock
from kernel.actor import Actor
from merchants import membership
from merchants.capabilities import Capability
from tests.builders.cases import a_complaint_to_decide
from tests.builders.people import a_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return a_complaint_to_decide()


def the_deadline(case):
    found = Deadline.objects.filter(reference=case.pk, state="open", due_at__gt=clock.now())
    return found.filter(rule_id__startswith="policy.").order_by("due_at").first()


def asked(officer, row):
    """Over the page of the deadline; what it says."""
    later = (row.due_at + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    url = reverse("admin:deadlines_extend", args=[row.pk])
    return officer.client.post(url, {"due_at": later, "reason": "x"}, follow=True).content.decode()


@pytest.mark.parametrize("part", ["buyer", "guest", "member"])
def test_whoever_has_a_part_is_refused_and_nothing_moves(case, at, part):
    at(case.opened_at + timedelta(hours=1))
    row, officer = the_deadline(case), a_staff(Role.SENIOR)
    if part == "member":
        membership.add_member(
            merchant_id=case.merchant_id,
            subject_id=officer.subject_id,
            capabilities=[Capability.READ],
            actor=Actor.system(),
            at=clock.now(),
        )
    elif part == "guest":
        linking.link(owner_id=officer.subject_id, guest_id=case.subject_id, at=clock.now())
    actor = Actor.staff(case.subject_id if part == "buyer" else officer.subject_id)
    with pytest.raises(moving.OwnDeadline):
        moving.extend(
            kind=row.kind,
            reference=row.reference,
            due_at=row.due_at + timedelta(days=2),
            reason="x",
            actor=actor,
            at=clock.now(),
        )
    if part != "buyer":
        assert "请交给同事处理" in asked(officer, row)
    before, row = row.due_at, Deadline.objects.get(pk=row.pk)
    assert row.due_at == before and not DeadlineChange.objects.filter(deadline=row).exists()


def test_a_colleague_may(case, at):
    at(case.opened_at + timedelta(hours=1))
    row = the_deadline(case)
    asked(a_staff(Role.SENIOR), row)
    assert Deadline.objects.get(pk=row.pk).due_at > row.due_at
