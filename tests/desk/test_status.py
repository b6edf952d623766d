"""Two answers for machines and one page for everybody, from what is measured at that moment."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from outbox.models import Message
from privacy import journal, restored

pytestmark = pytest.mark.django_db


def test_alive_asks_nobody(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/healthz").content == b"alive\n"


def test_ready_says_what_is_measured_and_nothing_secret() -> None:
    said = Client().get("/readyz")
    assert (said.status_code, said.json()["ready"], said.json()["relay_lag_seconds"]) == (200, True, 0)
    assert set(said.json()) == {
        *("ready", "database", "migrated", "closed_because"),
        *("relay_lag_seconds", "sweep_lag_seconds", "parked"),
    }


def test_a_restored_system_is_not_ready() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    restored.note(backup_id="b", taken_at=at, keys_missing=False, leaves_lost=0, at=at)
    said = Client().get("/readyz")
    assert (said.status_code, said.json()["closed_because"]) == (503, "awaiting_tombstones")


def test_the_page_shows_a_late_relay_and_the_newest_backup(tmp_path: Path, settings: object) -> None:
    settings.TOMBSTONES_FILE = tmp_path / "tombstones.jsonl"
    now = datetime.now(UTC)
    Message.objects.create(name="x", payload={}, occurred_at=now, next_at=now - timedelta(minutes=10))
    said = Client().get("/status", headers={"Accept-Language": "en"}).content.decode()
    assert "Something is late" in said and "no backup yet" in said
    journal.append(settings.TOMBSTONES_FILE, journal.LOG, at=now, leaves=3)
    Message.objects.all().delete()
    said = Client().get("/status", headers={"Accept-Language": "en"}).content.decode()
    assert "Everything is running" in said and "no backup yet" not in said


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "一切正常"), ("zh-hant", "一切正常")])
def test_in_three_languages(language: str, words: str) -> None:
    assert words in Client().get("/status", headers={"Accept-Language": language}).content.decode()
