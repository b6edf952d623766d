"""Kept files of the erased: downloaded by the two officers in their minutes, each look on record."""

from datetime import timedelta

import pytest

from accounts.staff import Role
from complaints import negotiating
from complaints.intake import Story, open_complaint
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from outbox import relay
from privacy import erasure, examining, files
from privacy.models import KeptOpening, StoredFile
from privacy.states import RequestKind
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_buyer, a_staff
from tests.builders.requests import a_request
from tests.privacy.pictures import a_jpeg, a_jpeg_upload
from tests.privacy.test_kept_data import DAY, LATE, approved, asked, looks

pytestmark = pytest.mark.django_db


@pytest.fixture
def exhibit(platform_at):
    """The photograph that an erased person had put into a case."""
    buyer = a_buyer("林未")
    order = an_order(subject_id=buyer.subject_id, delivered_at=ORDERED + 2 * DAY)
    stored = files.receive(
        subject_id=buyer.subject_id,
        upload=a_jpeg_upload(),
        purpose="complaint.exhibit",
        actor=buyer.actor,
        at=ORDERED + 3 * DAY,
    )
    examining.examine(file_id=stored.pk, at=ORDERED + 3 * DAY)
    stored.refresh_from_db()
    case = open_complaint(
        order_id=order.pk,
        story=Story(category="damaged", wish="refund", text="壶身有一条裂纹，装水会渗。"),
        shown=[stored],
        actor=buyer.actor,
        at=ORDERED + 3 * DAY,
    )
    negotiating.withdraw(complaint_id=case.pk, actor=buyer.actor, at=ORDERED + 4 * DAY)
    platform_at(ORDERED + 40 * DAY)
    while sweep_all():
        relay.drain_all()
    request = a_request(buyer.subject_id, RequestKind.CLOSE, at=LATE - DAY)
    erasure.erase(request_id=request.pk, actor=Actor.system(), at=LATE)
    platform_at(LATE)
    return StoredFile.objects.get(pk=stored.pk)


@pytest.fixture
def officers():
    return a_staff(Role.PRIVACY_OFFICER), a_staff(Role.PRIVACY_OFFICER)


def test_the_two_download_what_was_handed_in_and_nobody_else_ever(officers, exhibit, platform_at):
    first, second = officers
    page = asked(first, by="subject", number=exhibit.subject_id)["Location"]
    address = f"{page}file/{exhibit.pk}/"
    assert first.client.get(address).status_code == 403
    approved(second)
    assert address in second.client.get(page).content.decode()
    before = looks(exhibit.subject_id).count()
    answer = second.client.get(address)
    assert (answer.status_code, answer.content) == (200, a_jpeg())
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert looks(exhibit.subject_id).count() == before + 1
    assert "complaints.Exhibit.file" in looks(exhibit.subject_id).latest("id").fields
    assert a_staff(Role.PRIVACY_OFFICER).client.get(address).status_code == 404
    assert a_staff(Role.AUDITOR).client.get(address).status_code == 403
    platform_at(KeptOpening.objects.get().closes_at)
    assert first.client.get(address).status_code == 403
    assert looks(exhibit.subject_id).count() == before + 1


def test_only_what_is_kept_of_this_person(officers, exhibit):
    first, second = officers
    page = asked(first, by="subject", number=exhibit.subject_id)["Location"]
    approved(second)
    other = a_buyer()
    foreign = files.receive(
        subject_id=other.subject_id,
        upload=a_jpeg_upload(),
        purpose="complaint.exhibit",
        actor=other.actor,
        at=LATE - timedelta(days=1),
    )
    for absent in (foreign.pk, exhibit.subject_id):
        assert first.client.get(f"{page}file/{absent}/").status_code == 404
