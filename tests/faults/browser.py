"""A browser without scripts that sends a form again, unchanged, until the site answers."""

import html
import http.cookiejar
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass

PATIENCE = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back; `tries` above one means that an earlier try may have had its effect."""

    status: int
    location: str
    text: str
    tries: int

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', self.text)
        assert found, f"no field {name} on a page with status {self.status}"
        return html.unescape(found.group(1))


class Unanswered(Exception):
    """The site gave no answer in time, or one that nobody should get."""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class Browser:
    """`troubles` counts the answers and silences after which the form was sent again."""

    troubles: Counter[str] = Counter()
    _lock = threading.Lock()

    def __init__(self, address: str) -> None:
        self.address = address
        self.token = ""
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        # A proxy set for the machine must not be asked for our own address.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay(), cookies)

    def get(self, path: str) -> Answer:
        answer = self._insist(path, None)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.text)
        self.token = found.group(1) if found else self.token
        return answer

    def post(self, path: str, fields: dict[str, object]) -> Answer:
        told = {"csrfmiddlewaretoken": self.token, **fields}
        return self._insist(path, urllib.parse.urlencode(told).encode())

    def _insist(self, path: str, body: bytes | None) -> Answer:
        limit, tries = time.monotonic() + PATIENCE, 0
        while time.monotonic() < limit:
            tries += 1
            trouble = self._once(path, body, tries)
            if isinstance(trouble, Answer):
                return trouble
            with self._lock:
                self.troubles[trouble] += 1
            time.sleep(0.4)
        raise Unanswered(f"{path} gave no answer within {PATIENCE:.0f} s")

    def _once(self, path: str, body: bytes | None, tries: int) -> Answer | str:
        request = urllib.request.Request(urllib.parse.urljoin(self.address, path), body)
        try:
            with self._opener.open(request, timeout=15) as page:
                return Answer(page.status, "", page.read().decode(), tries)
        except urllib.error.HTTPError as other:
            with other:
                text = other.read().decode(errors="replace")
            if other.code >= 500:
                return str(other.code)
            return Answer(other.code, other.headers.get("Location", ""), text, tries)
        except (OSError, http.client.HTTPException) as silence:
            return type(getattr(silence, "reason", silence)).__name__
