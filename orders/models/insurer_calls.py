"""What we owe insurers: written first, told outside any transaction, until answered."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from orders.models.cover import OrderCover
from orders.models.cover_claims import CoverClaim


class InsurerCallQuerySet(models.QuerySet["InsurerCall"]):
    def claim(self, at: datetime) -> InsurerCall | None:
        """The longest due one that no other worker holds, locked."""
        due = self.filter(state=InsurerCall.State.WAITING, due_at__lte=at).order_by("due_at", "id")
        return due.select_for_update(of=("self",), skip_locked=True, no_key=True).first()


class InsurerCall(models.Model):
    """What we owe an insurer: to tell it of a cover, or to ask what becomes of a claim, until it answers."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ANSWERED = "answered", _("answered")
        DROPPED = "dropped", _("not needed any more")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    cover = models.ForeignKey(OrderCover, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(CoverClaim, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    last_answer = models.CharField(max_length=120, blank=True)

    objects = InsurerCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call to an insurer")
        verbose_name_plural = _("calls to insurers")
        constraints = [
            models.UniqueConstraint(
                fields=["cover", "claim"], nulls_distinct=False, name="an_insurer_is_told_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "answered", "dropped"]), name="insurer_call_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="insurer_call_waiting")]

    def __str__(self) -> str:
        return f"{self.claim_id or self.cover_id} {self.state}"
