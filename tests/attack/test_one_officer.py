"""One member of staff alone tries what takes two."""

import pytest

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
