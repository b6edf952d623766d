"""A little key service for tests: `a_key_service.py SOCKET KEYFILE` answers as docs/keys.md says."""

import base64
import json
import os
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer

from privacy.key_service import MasterKeyMissing, Wrapped
from privacy.master_file import KeyFile
from privacy.sealing import SealBroken

KEYS = KeyFile(Path(sys.argv[2])) if len(sys.argv) > 2 else None


def read(text):
    return base64.b64decode(text)


def written(value):
    return base64.b64encode(value).decode()


def answer(path, told):
    match path:
        case "/keys":
            return {"primary": KEYS.primary(), "versions": KEYS.versions()}
        case "/wrap":
            made = KEYS.wrap([(read(each["key"]), read(each["context"])) for each in told["items"]])
            return {"version": KEYS.primary(), "items": [written(each.wrapped) for each in made]}
        case "/unwrap":
            asked = [
                Wrapped(each["version"], read(each["wrapped"]), read(each["context"]))
                for each in told["items"]
            ]
            return {"items": [written(key) for key in KEYS.unwrap(asked)]}
        case "/fixed":
            return {"key": written(KEYS.fixed_key(told["purpose"]))}
        case "/add":
            return {"version": KEYS.add()}
        case "/promote":
            return {"version": KEYS.promote()}
        case "/drop":
            KEYS.drop(told["version"])
            return {}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply({})

    def do_POST(self):
        self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def reply(self, told):
        try:
            status, body = 200, answer(self.path, told)
        except SealBroken:
            status, body = 422, {}
        except MasterKeyMissing:
            status, body = 404, {}
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *args):
        pass

    def address_string(self):
        return "socket"


class Server(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True


if __name__ == "__main__":
    os.umask(0o077)
    Server(sys.argv[1], Handler).serve_forever()
