"""Questions to the proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from kernel.errors import NotFound

if TYPE_CHECKING:
    from rulebook.models import Proposal


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def waiting(self) -> ProposalQuerySet:
        return self.filter(state="waiting")

    def locked(self, pk: UUID) -> Proposal:
        """:raises NotFound:"""
        found = self.select_for_update(no_key=True).filter(pk=pk).first()
        if found is None:
            raise NotFound(proposal=str(pk))
        return found
