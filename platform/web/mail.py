"""Mail without a mail server: letters land in a folder, one file each, owner-only."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from kernel.ids import new_id


class OutboxFolderBackend(BaseEmailBackend):
    """Writes `EMAIL_FILE_PATH/<time-ordered id>.eml`; the demo's letters are read there."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            self._write(folder / f"{new_id()}.eml", message.message().as_bytes())
        return len(email_messages)

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as letter:
            letter.write(content)
