"""The WSGI entry that granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from privacy import master

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# A worker that couldn't read or write a name refuses to start, and says why.
master.check()
