"""While the database or the key service is away a page answers 503 and when to return; a bug stays a 500."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from privacy.external_keys import KeyServiceAway

# What comes before the view may look into the rulebook's tables once; the view is where they are away.
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError, 503), (InterfaceError, 503), (KeyServiceAway, 503), (ValueError, 500)],
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_status_and_words(monkeypatch: pytest.MonkeyPatch, error, status: int, accept: str) -> None:  # type: ignore[no-untyped-def]
    def fail(*_: object, **__: object) -> None:
        raise error("the server closed the connection")

    monkeypatch.setattr("catalog.web.shelves.access.public_category", fail)
    answer = Client(raise_request_exception=False).get("/c/nothing/", headers={"accept": accept})
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert "server closed" not in answer.content.decode()
