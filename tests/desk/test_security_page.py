"""Where a finder of a weakness writes to."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_file_for_machines_is_fresh_and_names_the_page(client: Client, settings, at):  # type: ignore[no-untyped-def]
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    at(now)
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == settings.SECURITY_CONTACT
    assert datetime.fromisoformat(fields["Expires"]) == now + timedelta(days=180)
    assert client.get(fields["Policy"].removeprefix(settings.BASE_URL)).status_code == 200


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "怎么报告"), ("zh-hant", "如何通報"), ("en", "How to report it")]
)
def test_the_page_for_people_names_the_contact(client: Client, language: str, word: str):
    client.post("/language", {"language": language})
    page = client.get("/security").content.decode()
    assert word in page
    assert 'href="mailto:security@anxin.example"' in page
