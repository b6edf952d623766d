"""A shop's own server on this machine, and subscriptions that tell it."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from merchants.models import Membership, Merchant, Webhook
from merchants.webhook_topics import OFFERED, Topic
from merchants.webhooks import subscribing
from tests.builders.people import Person


@dataclass(frozen=True)
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)


class Receiver:
    """Answers with the prepared (status, headers, body), then with 200; `None` keeps the caller waiting."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.says: list[tuple[int, dict[str, str], bytes] | None] = []
        self.let_go = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/anxin"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                receiver.heard.append(Heard(self.path, dict(self.headers), self.rfile.read(length)))
                said = receiver.says.pop(0) if receiver.says else (200, {}, b"ok")
                if said is None:
                    receiver.let_go.wait(30)
                    return
                status, headers, body = said
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                pass

        return Handler

    def close(self) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()


def membership_of(merchant: Merchant, person: Person) -> Membership:
    return Membership.objects.get(merchant=merchant, subject_id=person.subject_id, ended_at__isnull=True)


def a_webhook(
    merchant: Merchant, owner: Person, url: str, *, at: datetime, topics: Sequence[Topic] = OFFERED
) -> tuple[Webhook, str]:
    return subscribing.subscribe(membership=membership_of(merchant, owner), url=url, topics=topics, at=at)
