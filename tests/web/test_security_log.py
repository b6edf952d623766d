"""What a watcher sees of refusals, and what the lines never hold."""

import json
import logging

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders.people import a_buyer
from web import logs, security_log

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog):  # type: ignore[no-untyped-def]
    caplog.set_level(logging.INFO, logger="security")

    def read() -> list[dict]:  # type: ignore[type-arg]
        formatter = logs.JsonFormatter()
        return [json.loads(formatter.format(one)) for one in caplog.records if one.name == "security"]

    return read


def test_a_form_without_its_token_is_written_with_route_and_without_content(lines):  # type: ignore[no-untyped-def]
    client = Client(enforce_csrf_checks=True)
    assert client.post("/language", {"language": "林晓梅"}).status_code == 403
    (line,) = lines()
    assert line["facts"] == {
        "what": "form_expired",
        "method": "POST",
        "route": "/language",
        "actor": "unknown",
    }
    assert "林晓梅" not in json.dumps(line, ensure_ascii=False)
    assert line["at"].endswith("+00:00") and line["logger"] == "security"


def test_a_refused_step_names_its_code_and_a_pseudonym(lines):  # type: ignore[no-untyped-def]
    buyer = a_buyer()
    address = reverse("orders:cancellation", args=["A0000000000"])
    assert buyer.client.post(address, {"idempotency_key": "k" * 20}).status_code == 404
    (line,) = lines()
    assert line["facts"]["what"] == "refused" and line["facts"]["code"] == "not_found"
    assert line["facts"]["actor"] == f"person:{buyer.subject_id}"
    assert "A0000000000" not in json.dumps(line)


def test_a_page_that_nobody_has_is_no_event(lines):  # type: ignore[no-untyped-def]
    assert Client().get("/orders/A0000000000/").status_code in (302, 404)
    assert lines() == []


def test_a_forged_line_break_stays_inside_its_line(caplog):  # type: ignore[no-untyped-def]
    caplog.set_level(logging.INFO, logger="security")
    security_log.note("odd", code='x"}\n{"at": "forged"')
    written = logs.JsonFormatter().format(caplog.records[-1])
    assert "\n" not in written
    assert json.loads(written)["facts"]["code"].startswith('x"}')
