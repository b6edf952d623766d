"""One member of staff alone tries what takes two."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.staff_roles import Role
from privacy import requests
from privacy.states import RequestKind, RequestState
from tests.builders.orders import a_subject
from tests.builders.people import a_staff
from tests.builders.requests import ASKED, a_request_by_telephone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", [RequestKind.ERASE, RequestKind.CLOSE])
def test_one_officer_alone_erases_nobody(kind):
    officer, colleague = (a_staff(Role.PRIVACY_OFFICER, at=ASKED).actor for _ in range(2))
    request = a_request_by_telephone(a_subject(), officer, kind)

    with pytest.raises(requests.SecondOfficer):
        requests.check_identity(request_id=request.pk, how="回拨了号码", actor=officer, at=ASKED)
    request.refresh_from_db()
    assert request.state == RequestState.RECEIVED

    found = requests.check_identity(request_id=request.pk, how="回拨了号码", actor=colleague, at=ASKED)
    assert found.state != RequestState.RECEIVED and found.erase_after is not None


@pytest.mark.parametrize("kind", [RequestKind.ERASE, RequestKind.CLOSE])
def test_nor_by_sql(kind):
    officer, colleague = (a_staff(Role.PRIVACY_OFFICER, at=ASKED).actor for _ in range(2))
    request = a_request_by_telephone(a_subject(), officer, kind)
    vouch = (
        "INSERT INTO privacy_requestmove (request_id, name, from_state, to_state, actor, at)"
        " VALUES (%s, 'check_identity', 'received', 'open', %s, now())"
    )
    with (
        pytest.raises(IntegrityError, match="vouches for nobody"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(vouch, [request.pk, str(officer)])
    assert not request.moves.filter(name="check_identity").exists()
    with connection.cursor() as cursor:
        cursor.execute(vouch, [request.pk, str(colleague)])


def test_other_requests_are_vouched_for_by_whoever_wrote_them_down():
    officer = a_staff(Role.PRIVACY_OFFICER, at=ASKED).actor
    request = a_request_by_telephone(a_subject(), officer)
    found = requests.check_identity(request_id=request.pk, how="回拨了号码", actor=officer, at=ASKED)
    assert found.state == RequestState.OPEN
