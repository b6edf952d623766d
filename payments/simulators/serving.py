"""A simulated provider over HTTP, on this machine's loopback only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from payments.gateways.protocol import Answer, Request

LOOPBACK = "127.0.0.1"
LIMIT_BYTES = 1024 * 1024


class Simulator(Protocol):
    def handle(self, request: Request, *, at: datetime) -> Answer: ...


@contextmanager
def served(simulator: Simulator, *, now: Callable[[], datetime]) -> Iterator[str]:
    """The address under which `simulator` answers until the end of the block; `now` is its clock."""
    server = ThreadingHTTPServer((LOOPBACK, 0), _handler(simulator, now))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(simulator: Simulator, now: Callable[[], datetime]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            length = min(int(self.headers.get("content-length") or 0), LIMIT_BYTES)
            headers = {name.lower(): value for name, value in self.headers.items()}
            origin = "files" if self.path.startswith("/download") else "api"
            request = Request(
                self.path, self.rfile.read(length), headers, method=self.command or "", origin=origin
            )
            answer = simulator.handle(request, at=now())
            # Status 0 plays a line that broke after the work was done.
            if not answer.status:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what goes over the line holds keys."""

    return Handler
