"""The certificate's page for whoever holds the link; the copy's file for the person alone."""

import io
import zipfile

import pytest
from django.urls import reverse

from kernel.actor import Actor
from privacy import copying, erasure
from privacy.states import RequestKind
from tests.builders.orders import a_subject
from tests.builders.people import a_buyer, a_visitor
from tests.builders.requests import ASKED, a_request

pytestmark = pytest.mark.django_db


def page(client, request, name="certificate"):
    return client.get(reverse(f"privacy:{name}", args=[request.token]))


def test_before_and_after_the_erasure_anybody_with_the_link_reads_it(at):
    at(ASKED)
    request = a_request(a_subject(), RequestKind.CLOSE)
    visitor = a_visitor().client
    assert "还没有删除" in page(visitor, request).content.decode()
    assert page(visitor, request, "certificate-document").status_code == 404
    erasure.erase(request_id=request.pk, actor=Actor.system(), at=ASKED)
    said = page(visitor, request).content.decode()
    assert "签名有效" in said and str(request.subject_id) not in said
    document = page(visitor, request, "certificate-document").json()
    keys = visitor.get(reverse("privacy:certificate-keys")).json()["keys"]
    assert document["valid"] and keys[document["key"]] == document["public_key"]


@pytest.mark.parametrize("name", ["certificate", "certificate-document"])
def test_a_guessed_link_leads_nowhere(name):
    assert a_visitor().client.get(reverse(f"privacy:{name}", args=["A" * 43])).status_code == 404


def test_the_file_is_for_its_person_alone(at):
    at(ASKED)
    buyer, other, visitor = a_buyer(), a_buyer(), a_visitor()
    request = a_request(buyer.subject_id, RequestKind.COPY)
    address = reverse("privacy:download", args=[request.number])
    assert other.client.get(address).status_code in (302, 404)
    assert visitor.client.get(address).status_code == 302
    copying.build_next(at=ASKED)
    found = buyer.client.get(address)
    if found.status_code == 302:
        assert "reauthenticate" in found.headers["Location"]
        return
    assert zipfile.ZipFile(io.BytesIO(b"".join(found.streaming_content))).testzip() is None
