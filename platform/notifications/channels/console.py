"""Letters on the developer's console: the title, never an address."""

from __future__ import annotations

import logging

from notifications.models import Letter
from notifications.rendering import words_of

log = logging.getLogger(__name__)


def deliver(letter: Letter) -> None:
    log.info("letter %s: %s", letter.pk, words_of(letter).title)
