"""The secrets that the platform and the sandbox provider share: one key per endpoint, two during rotation."""

from __future__ import annotations

import hashlib
import hmac
import re

from django.conf import settings

WEBHOOK = "payments.sandbox.webhook"
API = "payments.sandbox.api"
CHECKOUT = "payments.sandbox.checkout"

# The name under which the platform is a customer of the sandbox.
ACCOUNT = "anxin"


def secrets(endpoint: str) -> list[str]:
    """The keys of `endpoint`: the first signs, all of them verify."""
    masters = [one for one in re.split(r"[,\s]+", settings.WEBHOOK_SECRET) if one]
    return [hmac.new(one.encode(), endpoint.encode(), hashlib.sha256).hexdigest() for one in masters]
