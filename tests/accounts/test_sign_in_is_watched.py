"""Sign-ins leave a line for watchers without what was typed, and signing out clears the browser."""

import json
import logging

import pytest

from tests.builders.people import PASSWORD, a_buyer
from web import logs

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog):  # type: ignore[no-untyped-def]
    caplog.set_level(logging.INFO, logger="security")

    def read() -> list[dict]:  # type: ignore[type-arg]
        found = [one for one in caplog.records if one.name == "security"]
        return [json.loads(logs.JsonFormatter().format(one))["facts"] for one in found]

    return read


def test_a_sign_in_names_the_person_by_pseudonym_and_the_proof(visitor, lines):  # type: ignore[no-untyped-def]
    person = a_buyer(email="lin@example.com")
    visitor().sign_in("lin@example.com")
    (line,) = [one for one in lines() if one["what"] == "signed_in"]
    assert (line["person"], line["factor"]) == (str(person.subject_id), "password")
    assert "lin@example.com" not in json.dumps(line)


@pytest.mark.parametrize("address", ["lin@example.com", "nobody@example.com"])
def test_a_failed_one_names_nobody(visitor, lines, address: str):  # type: ignore[no-untyped-def]
    a_buyer(email="lin@example.com")
    visitor().sign_in(address, "not the password")
    told = lines()
    assert [one["what"] for one in told] == ["sign_in_failed"]
    assert "not the password" not in json.dumps(told) and "@" not in json.dumps(told)


def test_signing_out_empties_the_browser_and_leaves_a_line(visitor, lines):  # type: ignore[no-untyped-def]
    a_buyer(email="lin@example.com")
    lin = visitor()
    lin.sign_in("lin@example.com", PASSWORD)
    answer = lin.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not lin.is_signed_in
    assert lines()[-1]["what"] == "signed_out"
