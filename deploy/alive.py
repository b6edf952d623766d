"""Asks this container's own web server whether it lives, as the proxy would; exit code 0 when it answers."""

import os
import sys
import urllib.error
import urllib.request

request = urllib.request.Request(
    "http://127.0.0.1:8000/healthz",
    headers={"Host": os.environ.get("ANXIN_HOSTS", "localhost").split(",")[0], "X-Forwarded-Proto": "https"},
)
try:
    with urllib.request.urlopen(request, timeout=4) as page:
        sys.exit(0 if page.status == 200 else 1)
except (urllib.error.URLError, OSError) as problem:
    sys.exit(str(problem))
