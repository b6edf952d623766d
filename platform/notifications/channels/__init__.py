"""The ways out: each takes a letter and returns when it has been handed over."""

from __future__ import annotations

from collections.abc import Callable

from notifications.channels import console, email, sms
from notifications.channels.reaching import NoAddress
from notifications.models import Letter

__all__ = ["CHANNELS", "NoAddress"]

CHANNELS: dict[str, Callable[[Letter], None]] = {
    "email": email.deliver,
    "sms": sms.deliver,
    "console": console.deliver,
}
