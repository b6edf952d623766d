"""A staff list answers what its own filters ask; no address probes another column or runs a pattern."""

import pytest
from django.urls import reverse

from accounts.staff import Role
from tests.builders.people import a_staff

pytestmark = pytest.mark.django_db
PROBES = [
    "id__regex=(",
    "id__startswith=0",
    "state__regex=(",
    "state__startswith=o",
    "amount_minor__gte=1",
    "charge__payment__payer_subject__id__startswith=a",
    "answered_by__startswith=staff",
]


@pytest.fixture
def desk():
    person = a_staff(Role.MONEY_DESK)
    person.client.raise_request_exception = False
    return person.client


@pytest.mark.parametrize("probe", PROBES)
def test_what_no_filter_asks_is_refused(desk, probe):
    assert desk.get(f"{reverse('admin:payments_dispute_changelist')}?{probe}").status_code == 400


@pytest.mark.parametrize("asked", ["state__exact=opened", "provider=sandbox", "q=x", "o=1", "p=9"])
def test_what_the_list_offers_is_answered(desk, asked):
    answer = desk.get(f"{reverse('admin:payments_dispute_changelist')}?{asked}")
    assert answer.status_code in (200, 302) and "e=1" not in answer.headers.get("Location", "")
