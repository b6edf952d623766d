"""An erasure is whole or not at all: broken off, the person is as before and the request waits."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from kernel.actor import Actor
from privacy import erasure, keys, tombstones
from privacy.models import Certificate, Request, Subject, SubjectKey
from privacy.states import RequestKind, RequestState
from tests.builders.orders import a_subject
from tests.builders.people import a_buyer
from tests.builders.requests import ASKED, a_request


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["certificate", "keys", "tombstone"])
def test_broken_off_it_has_changed_nothing(monkeypatch, step):
    buyer = a_buyer("林未")
    request = a_request(buyer.subject_id, RequestKind.CLOSE)

    def dies(*_, **__):
        raise OSError("the machine went away")

    target = {
        "certificate": (erasure.certificates, "issue"),
        "keys": (keys, "destroy"),
        "tombstone": (tombstones, "lay"),
    }[step]
    with monkeypatch.context() as broken:
        broken.setattr(*target, dies)
        with pytest.raises(OSError, match="went away"), transaction.atomic():
            erasure.erase(request_id=request.pk, actor=Actor.system(), at=ASKED)
    keys.forget_all()
    assert Request.objects.get(pk=request.pk).state == RequestState.COOLING_OFF
    assert User.objects.get(subject_id=buyer.subject_id).display_name == "林未"
    assert not Certificate.objects.exists()
    assert not SubjectKey.objects.filter(subject_id=buyer.subject_id).exclude(destroyed_at=None).exists()
    erasure.erase(request_id=request.pk, actor=Actor.system(), at=ASKED)
    assert Subject.objects.get(pk=buyer.subject_id).erased_at == ASKED


@pytest.mark.django_db(transaction=True)
def test_it_gives_way_to_whoever_holds_a_row_and_is_done_later():
    subject_id = a_subject()
    request = a_request(subject_id, RequestKind.CLOSE)
    held, let_go = threading.Event(), threading.Event()

    def somebody_else() -> None:
        with transaction.atomic():
            Request.objects.select_for_update().get(pk=request.pk)
            held.set()
            let_go.wait(20)
        connection.close()

    other = threading.Thread(target=somebody_else)
    other.start()
    held.wait(20)
    try:
        with pytest.raises(OperationalError):
            erasure.erase(request_id=request.pk, actor=Actor.system(), at=ASKED)
    finally:
        let_go.set()
        other.join()
    later = ASKED + timedelta(minutes=1)
    assert erasure.erase(request_id=request.pk, actor=Actor.system(), at=later) is not None
