"""No key reaches a log line or an error page, not even when something breaks with one in its hands."""

import base64
import io
import logging
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from privacy import keyring, keys, master, sealing
from privacy.models import SubjectKey
from privacy.subjects import create_subject
from tests.privacy.test_sealing_and_fields import a_file
from web.logs import JsonFormatter

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
HANDS = {}


def breaking(request):
    """A view that has keys in its local variables when it breaks, each time in another way."""
    version, secret = keys.current(HANDS["subject"])
    outer = master.service().content()
    match request.GET["how"]:
        case "raise":
            raise RuntimeError("broken", HANDS["subject"], version)
        case "seal":
            sealing.unseal(b"\x01" + bytes(60), key=secret, context=b"")
        case "ring":
            raise KeyError(keyring._rings, outer)
        case "database":
            SubjectKey.objects.create(subject_id=HANDS["subject"], version=1, master_version=1, created_at=AT)
    return HttpResponse(version)


urlpatterns = [path("breaking", breaking), path("", include("config.urls"))]


def spellings(secret):
    return [repr(secret)[2:-1], secret.hex(), base64.b64encode(secret).decode()]


@pytest.fixture
def log():
    """What the site writes, as it formats it."""
    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(JsonFormatter())
    names = ("", "django", "django.request", "privacy")
    for name in names:
        logging.getLogger(name).addHandler(handler)
    yield kept
    for name in names:
        logging.getLogger(name).removeHandler(handler)


@pytest.mark.parametrize("how", ["raise", "seal", "ring", "database"])
@override_settings(ROOT_URLCONF=__name__, DEBUG=False)
def test_when_a_page_breaks(how, log):
    HANDS["subject"] = create_subject(locale="en", at=AT).pk
    _, secret = keys.current(HANDS["subject"])
    outer = master.service().content()
    answer = Client(raise_request_exception=False).get("/breaking", {"how": how})
    assert answer.status_code == 500
    written = log.getvalue() + answer.content.decode()
    assert "Traceback" in log.getvalue()
    for key in (secret, outer.root, *outer.keys.values()):
        assert not [one for one in spellings(key) if one in written]


def test_statements_carry_wrapped_keys_and_ciphertext_only():
    """What pg_stat_activity, a slow log or a statement log of the server could ever hold."""
    subject = SimpleNamespace(pk=create_subject(locale="en", at=AT).pk)
    _, secret = keys.current(subject.pk)
    with connection.execute_wrapper(_noted):
        a_file(subject, "金丝雀.pdf")
        keys.add_version(subject_id=subject.pk, at=AT)
    _, later = keys.current(subject.pk)
    sent = b"".join(_bytes(each) for each in SENT)
    for key in (secret, later):
        assert key not in sent and key.hex().encode() not in sent
    assert "金丝雀".encode() not in sent


SENT = []


def _noted(execute, sql, params, many, context):
    SENT.extend([sql, *(params or ())])
    return execute(sql, params, many, context)


def _bytes(value):
    if isinstance(value, memoryview | bytes):
        return bytes(value)
    adapted = getattr(value, "adapted", value)
    return bytes(adapted) if isinstance(adapted, memoryview | bytes) else str(adapted).encode()
