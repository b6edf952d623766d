"""Copying and erasing work under the role that the site has, which may not rewrite what is only added to."""

from datetime import timedelta

import pytest
from django.db import connection

from complaints.models import Outcome
from config.management.commands import grants
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from outbox import relay
from privacy import copying, erasure, retention
from privacy.models import PersonalCopy, Subject
from privacy.states import RequestKind
from tests.builders.cases import a_complaint_to_decide, a_ruling, rule
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_buyer
from tests.builders.requests import a_request
from tests.builders.reviews import a_review

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LATE = ORDERED + 120 * DAY


def test_a_copy_an_erasure_and_the_sweep_under_the_sites_role(platform_at):
    grants.grant("anxin_app")
    buyer = a_buyer("林未")
    order = an_order(subject_id=buyer.subject_id, delivered_at=ORDERED + 2 * DAY)
    a_review(order=order, at=ORDERED + 3 * DAY)
    case = a_complaint_to_decide(order=order, at=ORDERED + 3 * DAY)
    rule(case, a_ruling(case, Outcome.REFUSED), at=case.opened_at + 3 * DAY)
    platform_at(LATE)
    while sweep_all():
        relay.drain_all()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE anxin_app")
    asked = a_request(buyer.subject_id, RequestKind.COPY, at=LATE)
    assert copying.build_next(at=LATE) == 1
    assert PersonalCopy.objects.get(request=asked).state == "ready"
    closing = a_request(buyer.subject_id, RequestKind.CLOSE, at=LATE)
    erasure.erase(request_id=closing.pk, actor=Actor.system(), at=LATE)
    assert Subject.objects.get(pk=buyer.subject_id).erased_at == LATE
    counts = retention.sweep_when_due(at=LATE + 1200 * DAY).counts
    assert counts["kept_keys"] >= 1 and all(isinstance(one, int) for one in counts.values()), counts
