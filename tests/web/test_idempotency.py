"""One key, one effect: replays, changed bodies, refusals and parallel twins."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from kernel import clock
from kernel.errors import DomainError
from web import idempotency
from web.models import IdempotencyKey

KEY = "k" * 32
BUYER = "buyer:4be0643f-1d98-573b-97cd-ca98a65347dd"


class OutOfLuck(DomainError):
    code = "out_of_luck"
    message = "No luck."


def effect() -> None:
    """A row that can be counted; its table is nobody's business here."""
    ContentType.objects.create(app_label="effects", model=f"m{ContentType.objects.count()}")


def effects() -> int:
    return ContentType.objects.filter(app_label="effects").count()


@idempotency.idempotent
def buy(request, outcome="redirect"):
    effect()
    if request.POST.get("refuse"):
        raise OutOfLuck
    if request.POST.get("invalid"):
        return HttpResponse("form", status=422)
    return HttpResponseRedirect("/orders/A1/", status=303)


def post(data=None, *, key=KEY, actor=BUYER, **headers):
    body = dict(data or {})
    if key:
        body["idempotency_key"] = key
    request = RequestFactory().post("/checkout", body, headers=headers)
    request.actor = actor
    request.session = SimpleNamespace(session_key="s")
    return request


@pytest.mark.django_db
class TestOneKeyOneEffect:
    def test_the_second_sending_gets_the_first_answer(self):
        first, second = buy(post({"a": "1"})), buy(post({"a": "1", "csrfmiddlewaretoken": "other"}))
        assert (
            (first.status_code, first["Location"])
            == (second.status_code, second["Location"])
            == (303, "/orders/A1/")
        )
        assert second["Idempotency-Replayed"] == "true"
        assert effects() == 1

    def test_htmx_gets_its_own_kind_of_redirect(self):
        buy(post({"a": "1"}))
        again = buy(post({"a": "1"}, **{"HX-Request": "true"}))
        assert (again.status_code, again["HX-Redirect"]) == (204, "/orders/A1/")

    def test_other_details_under_the_same_key_are_refused(self):
        buy(post({"a": "1"}))
        with pytest.raises(idempotency.KeyReused):
            buy(post({"a": "2"}))
        assert effects() == 1

    def test_an_upload_counts_as_content(self):
        buy(post({"f": SimpleUploadedFile("a.txt", b"one")}))
        with pytest.raises(idempotency.KeyReused):
            buy(post({"f": SimpleUploadedFile("a.txt", b"two")}))

    def test_another_person_may_use_the_same_key(self):
        buy(post())
        buy(post(actor="buyer:8f5d0ff5-4f28-54ac-88bd-5a4acbcf8da9"))
        assert effects() == 2

    @pytest.mark.parametrize("key", ["", "short", "with spaces in it", "x" * 81])
    def test_no_key_no_effect(self, key: str):
        with pytest.raises(idempotency.KeyMissing):
            buy(post(key=key))
        assert effects() == 0

    def test_the_header_will_do(self):
        assert buy(post(key="", **{"Idempotency-Key": KEY})).status_code == 303

    def test_reading_needs_no_key(self):
        request = RequestFactory().get("/checkout")
        assert buy(request).status_code == 303


@pytest.mark.django_db
class TestRefusals:
    def test_leave_no_effect_but_a_record(self):
        with pytest.raises(OutOfLuck):
            buy(post({"refuse": "1"}))
        row = IdempotencyKey.objects.get()
        assert (effects(), row.state, row.status, row.error_code) == (0, "refused", 409, "out_of_luck")

    def test_may_be_corrected_under_the_same_key(self):
        assert buy(post({"invalid": "1"})).status_code == 422
        assert effects() == 0
        assert buy(post({"a": "1"})).status_code == 303
        assert effects() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_twins_do_it_once():
    answers: list[int] = []

    def send() -> None:
        try:
            answers.append(buy(post({"a": "1"})).status_code)
        finally:
            connection.close()

    twins = [threading.Thread(target=send) for _ in range(6)]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join()
    assert (answers, effects()) == ([303] * 6, 1)


@pytest.mark.django_db
def test_keys_are_forgotten_after_three_days():
    buy(post())
    now = clock.now()
    assert idempotency.reap(at=now + timedelta(hours=71)) == 0
    assert idempotency.reap(at=now + timedelta(hours=73)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "broken",
    [{"state": "odd"}, {"state": "done", "status": None}],
    ids=["unknown state", "done without status"],
)
def test_the_database_refuses_impossible_rows(broken: dict[str, object]):
    fields = {"scope": "s", "key": "k", "fingerprint": "f", "created_at": clock.now(), "status": 200} | broken
    with (
        pytest.raises(Exception, match=r"a_key_has_a_known_state|a_finished_key_has_a_status"),
        transaction.atomic(),
    ):
        IdempotencyKey.objects.create(**fields)
