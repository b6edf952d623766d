"""Browsers that are signed in, and those that somebody has signed in with before."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from accounts.models.users import User
from kernel.ids import new_id

DEVICES = ("phone", "tablet", "computer", "other")
BROWSERS = ("wechat", "edge", "chrome", "firefox", "safari", "other")


class BrowserSession(AbstractBaseSession):
    """A session: its key stands here as a keyed digest, its content sealed; times are real time.

    Whoever reads the table can't take over a session, and learns of a browser only its class.
    """

    session_key = models.CharField(primary_key=True, max_length=64)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    device = models.CharField(max_length=10, default="other")
    browser = models.CharField(max_length=10, default="other")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(session_key__regex=r"^[0-9a-f]{64}$"), name="a_session_is_kept_under_a_digest"
            ),
            models.CheckConstraint(
                condition=Q(device__in=DEVICES, browser__in=BROWSERS), name="a_session_knows_a_class_only"
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.session_key[:8]}"


class KnownDevice(models.Model):
    """A browser that has signed in to the account before: a digest of its cookie, and its class."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    device = models.CharField(max_length=10)
    browser = models.CharField(max_length=10)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "digest"], name="a_device_is_known_once_per_account"),
            models.CheckConstraint(
                condition=Q(device__in=DEVICES, browser__in=BROWSERS), name="a_device_is_a_class_only"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device}/{self.browser}"
