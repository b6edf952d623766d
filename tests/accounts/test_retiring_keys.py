"""An old master key ends by two officers, and only when nothing lies under it."""

import pytest
from django.urls import reverse

from accounts import joint_acts
from accounts.staff import Role
from kernel import clock
from privacy import master
from privacy.models import RetiredMaster
from tests.builders.people import a_staff
from tests.privacy.test_rotation import own_master as own_master
from tests.privacy.test_rotation import run

pytestmark = pytest.mark.django_db
PAGE = "/staff/keys/"


@pytest.fixture
def officers():
    return a_staff(Role.SECURITY_OFFICER), a_staff(Role.SECURITY_OFFICER)


def decide(officer):
    act = joint_acts.waiting(at=clock.now())[0]
    return officer.client.post(reverse("staff:joint-decide", args=[act.pk]), {"decision": "confirm"})


def test_proposed_by_one_and_confirmed_by_another(own_master, officers, django_capture_on_commit_callbacks):
    first, second = officers
    run(with_master=True, with_data=False)
    assert "提议销毁" in first.client.get(PAGE).content.decode()
    assert first.client.post(PAGE, {"version": "1"}).status_code == 303
    decide(first)
    assert master.service().versions() == [1, 2]
    with django_capture_on_commit_callbacks(execute=True):
        decide(second)
    assert master.service().versions() == [2]
    assert RetiredMaster.objects.get().version == 1


def test_one_that_wraps_keys_again_when_it_is_confirmed_stays(own_master, officers):
    first, second = officers
    service = master.service()
    service.add()
    service.promote()
    first.client.post(PAGE, {"version": "1"})
    decide(second)
    assert service.versions() == [1, 2]
    assert not RetiredMaster.objects.exists()


def test_the_primary_and_one_that_is_not_there(own_master, officers):
    first, second = officers
    assert first.client.post(PAGE, {"version": "7"}).status_code == 404
    first.client.post(PAGE, {"version": "1"})
    decide(second)
    assert master.service().versions() == [1]


def test_other_roles_see_no_keys():
    for role in (Role.PRIVACY_OFFICER, Role.SYSTEM, Role.AUDITOR):
        assert a_staff(role).client.get(PAGE).status_code == 403
