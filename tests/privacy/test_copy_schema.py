"""The published shape of a copy: a real one fits it, and its words are those of the inventory."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator

from accounts.staff import Role
from kernel.actor import Actor
from kernel.errors import NotFound
from privacy import access_record, classification, copy_schema, copying, requests
from privacy.models import CopyState, PersonalCopy
from privacy.states import RequestKind
from tests.builders.cases import a_complaint
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_buyer, a_staff
from tests.builders.requests import ASKED, a_request

pytestmark = pytest.mark.django_db
ADDRESS = "/privacy/copies/schema/1.json"


@pytest.fixture
def schema():
    answer = Client().get(ADDRESS)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/schema+json")
    return json.loads(answer.content)


def a_copy():
    buyer = a_buyer("林未")
    a_complaint(order=an_order(subject_id=buyer.subject_id, delivered_at=ORDERED + timedelta(days=2)))
    access_record.record(
        actor=a_staff().actor, subject_id=buyer.subject_id, purpose="privacy.request",
        fields=["orders.Order.phone"], at=ASKED,
    )  # fmt: skip
    request = a_request(buyer.subject_id, RequestKind.COPY)
    copying.build_next(at=ASKED)
    _, pieces = copying.fetch(request_id=request.pk, actor=buyer.actor, at=ASKED)
    return json.loads(zipfile.ZipFile(io.BytesIO(b"".join(pieces))).read("data.json"))


class TestSchema:
    def test_a_real_copy_fits_it_and_says_where_it_is(self, schema):
        Draft202012Validator.check_schema(schema)
        data = a_copy()
        assert list(Draft202012Validator(schema).iter_errors(data)) == []
        assert data["schema"] == copy_schema.address() and data["schema"].endswith(ADDRESS)
        assert reverse("privacy:copy-schema", args=[copy_schema.VERSION]) == ADDRESS
        assert len(data["tables"]) > 10 and len(data["access"]) == 1

    @pytest.mark.parametrize(
        "broken",
        [
            lambda data: data.pop("tables"),
            lambda data: data.update(format="anxin.copy.2"),
            lambda data: data["tables"][0].update(purpose="curiosity"),
            lambda data: data["tables"][0]["columns"][0].pop("basis"),
            lambda data: data["access"][0].update(name="张三"),
        ],
    )
    def test_what_does_not_fit_is_found(self, schema, broken):
        data = a_copy()
        broken(data)
        assert list(Draft202012Validator(schema).iter_errors(data))

    def test_its_words_are_those_of_the_inventory(self, schema):
        columns, defs = schema["$defs"]["column"]["properties"], schema["$defs"]
        assert defs["purpose"]["enum"] == [str(one) for one in classification.Purpose]
        assert columns["sensitivity"]["enum"] == [str(one) for one in classification.Sensitivity]
        assert columns["basis"]["enum"] == [str(one) for one in classification.Basis]
        assert columns["seen_by"]["items"]["enum"] == [str(one) for one in classification.SeenBy]
        assert columns["at_erasure"]["enum"] == [str(one) for one in classification.AtErasure]

    def test_an_unknown_version_is_nowhere(self):
        assert Client().get("/privacy/copies/schema/99.json").status_code == 404


class TestStuck:
    """Five tries failed: seen on two desks, and tried again only when an officer says so."""

    @pytest.fixture
    def broken(self, monkeypatch, platform_at):
        buyer = a_buyer()
        request = a_request(buyer.subject_id, RequestKind.COPY)

        def fails(copy, at):
            raise OSError("the disk is full")

        with monkeypatch.context() as patched:
            patched.setattr(copying, "_build", fails)
            for n in range(5):
                assert copying.stuck(at=ASKED + timedelta(minutes=11 * n)) == []
                with pytest.raises(OSError):
                    copying.build_next(at=ASKED + timedelta(minutes=11 * n))
            assert copying.build_next(at=ASKED + timedelta(hours=2)) == 0
        platform_at(ASKED + timedelta(hours=2))
        return request

    def test_both_desks_show_it_and_an_officer_tries_again(self, broken):
        officer, watcher = a_staff(Role.PRIVACY_OFFICER).client, a_staff(Role.SECURITY_OFFICER).client
        assert "<b>1</b>" in watcher.get("/staff/security/").content.decode()
        assert broken.number in officer.get("/admin/privacy/request/").content.decode()
        step = reverse("admin:privacy_request_step", args=[broken.pk])
        assert watcher.post(step, {"step": "retry_copy"}).status_code == 403
        assert copying.stuck(at=ASKED + timedelta(hours=2)) != []
        officer.post(step, {"step": "retry_copy"})
        assert copying.stuck(at=ASKED + timedelta(hours=2)) == []
        assert copying.build_next(at=ASKED + timedelta(hours=2)) == 1
        assert PersonalCopy.objects.get(request=broken).state == CopyState.READY

    def test_one_that_is_not_stuck_is_left_alone(self):
        buyer = a_buyer()
        request = a_request(buyer.subject_id, RequestKind.COPY)
        with pytest.raises(copying.CopyNotStuck):
            copying.try_again(request_id=request.pk, actor=a_staff().actor, at=ASKED)
        with pytest.raises(NotFound):
            copying.try_again(request_id=request.pk, actor=Actor.buyer(buyer.subject_id), at=ASKED)
        assert requests.one_of(subject_id=buyer.subject_id, number=request.number).copy.attempts == 0
