"""A visitor's browser, the mail that arrived, and fresh rate limits."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.builders.people import PASSWORD

CODE = re.compile(r"\b\d{3}-\d{3}-\d{3}\b")


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@dataclass
class Visitor:
    """Goes through the pages as a person would."""

    browser: Client
    language: str = "zh-hans"

    def post(self, path: str, **fields: str):
        return self.browser.post(path, fields, headers={"accept-language": self.language})

    def get(self, path: str):
        return self.browser.get(path, headers={"accept-language": self.language})

    def sign_up(self, email: str, name: str = "林安", password: str = PASSWORD, age: str = "adult"):
        fields = {"email": email, "display_name": name, "password1": password, "age": age}
        return self.post("/accounts/signup/", **fields)

    def sign_in(self, email: str, password: str = PASSWORD, **more: str):
        return self.post("/accounts/login/", login=email, password=password, **more)

    def confirm(self, code: str):
        return self.post("/accounts/confirm-email/", code=code, action="verify")

    @property
    def is_signed_in(self) -> bool:
        return self.get("/account/").status_code == 200


@pytest.fixture
def visitor() -> Callable[..., Visitor]:
    return lambda language="zh-hans": Visitor(Client(), language)


@pytest.fixture
def texts(settings, tmp_path):
    """What left by text, the oldest first."""
    settings.TEXT_FILE_PATH = tmp_path / "texts"
    settings.TEXT_SENDER = "web.texting.OutboxFolderTexts"
    return lambda: [json.loads(path.read_text()) for path in sorted((tmp_path / "texts").glob("*.json"))]


def newest_code() -> str:
    return CODE.search(mail.outbox[-1].body).group()
