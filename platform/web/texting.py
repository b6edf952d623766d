"""Text messages: one protocol. Without a provider they land in a folder, one file each, owner-only."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from kernel.ids import new_id


class TextNotSent(OSError):
    """The provider didn't take it; what it said may repeat the number, so it is not kept."""


class TextSender(Protocol):
    """A provider: named by ANXIN_TEXT_SENDER as "package.module.Class", made without arguments."""

    def send(self, *, number: str, text: str) -> None:
        """:raises TextNotSent: it did not leave"""


class OutboxFolderTexts:
    """Writes `TEXT_FILE_PATH/<time-ordered id>.json`; the demo's texts are read there."""

    def send(self, *, number: str, text: str) -> None:
        folder = Path(settings.TEXT_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / f"{new_id()}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as message:
            json.dump({"to": number, "text": text}, message, ensure_ascii=False)


class NoTexts:
    """A production site without a provider: the page says that it can't be sent now."""

    def send(self, *, number: str, text: str) -> None:
        raise TextNotSent("no provider for text messages is set up")


def sender() -> TextSender:
    """The provider of this site."""
    made: TextSender = import_string(settings.TEXT_SENDER)()
    return made
