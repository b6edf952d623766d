"""`manage privacy erase`: the certificate on stdout, a refusal in words with exit code 2."""

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from privacy.models import Subject
from privacy.states import RequestKind
from tests.builders.orders import a_subject, an_order
from tests.builders.requests import ASKED, a_request

pytestmark = pytest.mark.django_db


def erase(subject_id, *words):
    out, err = StringIO(), StringIO()
    call_command("privacy", "erase", "--subject", str(subject_id), *words, stdout=out, stderr=err)
    return json.loads(out.getvalue())


def refused(subject_id, *words):
    err = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("privacy", "erase", "--subject", str(subject_id), *words, stderr=err)
    assert refusal.value.returncode == 2
    return str(refusal.value) + err.getvalue()


def test_it_prints_a_certificate_that_holds_and_the_same_again(at):
    at(ASKED)
    subject_id = a_subject()
    first = erase(subject_id, "--json")
    assert first["valid"] and Subject.objects.get(pk=subject_id).erased_at == ASKED
    assert erase(subject_id) == first


def test_it_names_what_is_open(at):
    at(ASKED)
    order = an_order()
    said = refused(order.subject_id, "--now")
    assert order.number in said and "order_open" in said
    assert Subject.objects.get(pk=order.subject_id).erased_at is None


def test_it_leaves_the_person_their_time_unless_told(at):
    at(ASKED)
    request = a_request(a_subject(), RequestKind.ERASE)
    assert request.number in refused(request.subject_id)
    assert erase(request.subject_id, "--now")["certificate"]["request"] == request.number


@pytest.mark.parametrize("subject", [str(uuid4()), "nobody"], ids=["absent", "no id"])
def test_somebody_unknown_is_refused(subject):
    with pytest.raises((CommandError, SystemExit)):
        call_command("privacy", "erase", "--subject", subject)
