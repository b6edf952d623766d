"""Two people for one step: refused for one, too late, twice, and in SQL."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from accounts import joint_acts, staff
from accounts.models import JointAct
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from tests.builders.people import JOINED, a_buyer

REFUSED = (IntegrityError, InternalError)
pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return Actor.staff(new_id()), Actor.staff(new_id())


@pytest.fixture
def step():
    return staff.Appoint(user_id=a_buyer().user.pk, role="auditor")


def test_nothing_is_done_before_somebody_else_confirms(two, step):
    first, second = two
    act = joint_acts.propose(step=step, actor=first, at=JOINED)
    with pytest.raises(joint_acts.SamePerson):
        joint_acts.confirm(act_id=act.pk, actor=first, at=JOINED)
    assert not staff.subjects_in(staff.Role.AUDITOR)
    joint_acts.confirm(act_id=act.pk, actor=second, at=JOINED)
    assert len(staff.subjects_in(staff.Role.AUDITOR)) == 1
    for decide in (joint_acts.confirm, joint_acts.refuse):
        with pytest.raises(joint_acts.AlreadyDecided):
            decide(act_id=act.pk, actor=second, at=JOINED)


def test_it_waits_once_and_runs_out(two, step):
    first, second = two
    act = joint_acts.propose(step=step, actor=first, at=JOINED)
    with pytest.raises(joint_acts.AlreadyProposed):
        joint_acts.propose(step=step, actor=second, at=JOINED)
    with pytest.raises(joint_acts.Expired):
        joint_acts.confirm(act_id=act.pk, actor=second, at=act.expires_at)
    assert joint_acts.waiting(at=act.expires_at) == []
    again = joint_acts.propose(step=step, actor=second, at=act.expires_at)
    act.refresh_from_db()
    assert (act.state, again.state) == ("refused", "waiting")


def test_only_staff_and_only_known_steps(two, step):
    for actor in (Actor.buyer(new_id()), Actor.system(), Actor.anonymous()):
        with pytest.raises(NotFound):
            joint_acts.propose(step=step, actor=actor, at=JOINED)
    with pytest.raises(NotFound):
        joint_acts.confirm(act_id=new_id(), actor=two[0], at=JOINED)


def test_a_refused_step_is_not_done(two, step):
    first, second = two
    act = joint_acts.propose(step=step, actor=first, at=JOINED)
    joint_acts.refuse(act_id=act.pk, actor=second, at=JOINED)
    assert not staff.subjects_in(staff.Role.AUDITOR)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'confirmed', decided_by = proposed_by, decided_at = proposed_at",
        "state = 'confirmed', decided_by = gen_random_uuid(), decided_at = expires_at + interval '1 s'",
        "state = 'confirmed'",
        "parameters = '{}'",
        "proposed_by = gen_random_uuid()",
        "expires_at = expires_at + interval '1 year'",
        "digest = 'x'",
    ],
)
def test_sql_can_not_make_one_person_two(two, step, change):
    joint_acts.propose(step=step, actor=two[0], at=JOINED)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_jointact SET {change}")


def test_sql_can_not_begin_with_the_end_or_undo_it(two, step):
    act = joint_acts.propose(step=step, actor=two[0], at=JOINED)
    joint_acts.confirm(act_id=act.pk, actor=two[1], at=JOINED + timedelta(hours=1))
    for sql in (
        "UPDATE accounts_jointact SET state = 'waiting', decided_by = NULL, decided_at = NULL",
        "DELETE FROM accounts_jointact",
        """INSERT INTO accounts_jointact (id, kind, parameters, digest, state, proposed_by, proposed_at,
            expires_at, decided_by, decided_at) SELECT gen_random_uuid(), kind, parameters, digest, state,
            proposed_by, proposed_at, expires_at, decided_by, decided_at FROM accounts_jointact""",
    ):
        with (
            pytest.raises((IntegrityError, InternalError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert JointAct.objects.get().state == "confirmed"
