"""What one person proposes and another one confirms before it is done."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id


class JointAct(models.Model):
    """A step that takes two people. What it would do is fixed when it is proposed."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CONFIRMED = "confirmed"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    parameters = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("step of two people")
        verbose_name_plural = _("steps of two people")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="two_people_do_a_joint_act",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=["confirmed", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="a_decided_joint_act_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(decided_at__lt=F("expires_at")),
                name="a_joint_act_is_confirmed_in_time",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("proposed_at")), name="a_joint_act_expires_later"
            ),
            models.UniqueConstraint(
                fields=["kind", "digest"], condition=Q(state="waiting"), name="a_joint_act_waits_once"
            ),
        ]
        indexes = [
            models.Index(fields=["proposed_at"], name="joint_acts_waiting", condition=Q(state="waiting"))
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_proposed_act_is_not_rewritten",
                operation=pgtrigger.UpdateOf(
                    *("kind", "parameters", "digest", "proposed_by", "proposed_at", "expires_at")
                ),
            ),
            pgtrigger.Protect(
                name="a_decided_act_is_final",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="waiting"),
            ),
            pgtrigger.Protect(name="a_joint_act_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="a_joint_act_begins_waiting",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=(
                    "IF NEW.state <> 'waiting' THEN"
                    " RAISE EXCEPTION 'a joint act begins with one person'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
