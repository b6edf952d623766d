"""The nightly sweep: kept keys at their day, guests who never bought, drafts, letters, copies."""

from datetime import timedelta

import pytest

from complaints.models import ComplaintDraft
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from notifications.models import Letter
from notifications.sending import send
from orders.models import Order
from outbox import relay
from privacy import copying, erasure, keys, retention
from privacy.models import CopyState, PersonalCopy, RetentionRun, Subject, SubjectKey
from privacy.states import RequestKind
from tests.builders.orders import ORDERED, a_subject, an_order
from tests.builders.people import a_buyer, a_staff
from tests.builders.requests import ASKED, a_request

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LATE = ORDERED + 70 * DAY


def counts(at):
    run = retention.sweep_when_due(at=at)
    assert run is not None and run.ended_at == at
    return run.counts


def test_what_a_rule_kept_goes_on_its_day_and_not_before(platform_at):
    buyer = a_buyer()
    order = an_order(subject_id=buyer.subject_id, delivered_at=ORDERED + 2 * DAY)
    platform_at(LATE)
    while sweep_all():
        relay.drain_all()
    request = a_request(buyer.subject_id, RequestKind.CLOSE, at=LATE)
    erasure.erase(request_id=request.pk, actor=Actor.system(), at=LATE)
    kept = SubjectKey.objects.get(subject_id=buyer.subject_id, use="kept")

    assert counts(kept.destroy_after - 2 * DAY)["kept_keys"] == 0
    assert counts(kept.destroy_after)["kept_keys"] == 1
    officer = a_staff().actor
    opened = keys.opening_kept(actor=officer, subject_id=buyer.subject_id, purpose="late", at=LATE)
    with opened, pytest.raises(keys.KeyDestroyed):
        str(Order.objects.get(pk=order.pk).recipient)


def test_once_a_night(at):
    assert retention.sweep_when_due(at=ASKED) is not None
    assert retention.sweep_when_due(at=ASKED + timedelta(hours=1)) is None
    assert retention.sweep_when_due(at=ASKED + DAY) is not None
    assert [run.started_at for run in retention.last_runs()] == [ASKED + DAY, ASKED]


def test_guests_who_never_bought_go_and_buyers_stay():
    guest, buyer = a_subject(at=ASKED - 200 * DAY), an_order()
    account = a_buyer(at=ASKED - 200 * DAY)
    assert counts(ASKED)["guests_without_orders"] >= 1
    assert Subject.objects.get(pk=guest).erased_at == ASKED
    for subject_id in (buyer.subject_id, account.subject_id):
        assert Subject.objects.get(pk=subject_id).erased_at is None


def test_drafts_and_letters_by_policy():
    buyer = a_buyer()
    order = an_order(subject_id=buyer.subject_id)
    draft = ComplaintDraft(order=order, subject_id=buyer.subject_id, saved_at=ASKED - 91 * DAY)
    draft.story = "还没写完"
    draft.save()
    letter = send(
        subject_id=buyer.subject_id,
        kind="accounts.password_changed",
        reference=buyer.subject_id,
        params={"path": "/account/"},
        at=ASKED - 1096 * DAY,
    )
    found = counts(ASKED)
    assert (found["old_drafts"], found["old_letters"]) == (1, 1)
    assert not ComplaintDraft.objects.exists() and not Letter.objects.filter(pk=letter.pk).exists()


def test_copies_past_their_days():
    buyer = a_buyer()
    request = a_request(buyer.subject_id, RequestKind.COPY)
    copying.build_next(at=ASKED)
    assert counts(ASKED + 8 * DAY)["expired_copies"] == 1
    assert PersonalCopy.objects.get(request=request).state == CopyState.EXPIRED


def test_one_kinds_failure_leaves_the_others_their_turn():
    def broken(**_):
        raise OSError("disk")

    before = dict(retention._sweeps)
    retention.connect({"broken": broken, **before})
    try:
        found = counts(ASKED)
    finally:
        retention.connect(before)
    assert found["broken"] == "0 OSError" and found["old_letters"] == 0
    assert RetentionRun.objects.count() == 1
