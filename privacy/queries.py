"""Asking for requests as the room would."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from kernel.errors import NotFound
from privacy.states import RUNNING

if TYPE_CHECKING:
    from privacy.models import Breach, Request


class RequestQuerySet(models.QuerySet["Request"]):
    def locked(self, pk: UUID) -> Request:
        """Its row, locked until the transaction ends. :raises NotFound:"""
        found = self.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if found is None:
            raise NotFound()
        return found

    def of_subject(self, subject_id: UUID) -> RequestQuerySet:
        return self.filter(subject_id=subject_id).order_by("-received_at", "-id")

    def running(self) -> RequestQuerySet:
        return self.filter(state__in=sorted(RUNNING))


class BreachQuerySet(models.QuerySet["Breach"]):
    def locked(self, pk: UUID) -> Breach:
        """Its row, locked until the transaction ends. :raises NotFound:"""
        found = self.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if found is None:
            raise NotFound()
        return found
