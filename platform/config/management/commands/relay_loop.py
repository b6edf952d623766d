"""The supervised loop: fires what is due and hands facts on, needing nothing but the database."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from config import resting
from config.schedule import LOOP

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
AFTER_A_FAILURE_SECONDS = 3.0


class Command(BaseCommand):
    help = "Sweep deadlines and relay messages until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            stop.wait(self.round())

    def round(self) -> float:
        """One turn; gives the seconds to wait before the next."""
        close_old_connections()
        try:
            if reason := resting.why():
                log.log(resting.level_of(reason), "the loop rests", extra={"code": reason})
                return AFTER_A_FAILURE_SECONDS
            done = sum(step() for step in LOOP)
        except DatabaseError as error:
            log.error("the loop lost the database", extra={"code": type(error).__name__})
            connection.close()
            return AFTER_A_FAILURE_SECONDS
        return 0.0 if done else IDLE_SECONDS
