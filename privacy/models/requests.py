"""What people asked about their data, and what became of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from privacy.fields import EncryptedTextField
from privacy.models.subjects import Subject
from privacy.queries import RequestQuerySet
from privacy.states import ERASING, REQUEST, RUNNING, SINGLE, Channel, Identity, RequestKind, RequestState

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete
_KINDS, _CHANNELS = [str(one) for one in RequestKind], [str(one) for one in Channel]
_OVER = sorted(str(one) for one in REQUEST.terminal)
_RUNNING = sorted(str(one) for one in RUNNING)


# An erasure that a member of staff wrote down is vouched for by another one.
_ANOTHER_OFFICER = """
IF NEW.name = 'check_identity' AND NEW.actor LIKE 'staff:%' AND EXISTS (
    SELECT 1 FROM privacy_requestmove m JOIN privacy_request r ON r.id = m.request_id
    WHERE m.request_id = NEW.request_id AND m.name = 'receive' AND m.actor = NEW.actor
        AND r.kind IN ('erase', 'close')
) THEN
    RAISE EXCEPTION 'whoever wrote an erasure down vouches for nobody' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Request(models.Model):
    """One request of one person; `place` is the law it runs under, words are sealed under the person's key.

    `token` opens the certificate's page: whoever asked for erasure holds the link when the keys are gone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20, default=RequestState.RECEIVED)
    channel = models.CharField(max_length=10)
    place = models.CharField(max_length=2)
    # The order that a guardian wants undone; nothing else is asked about something.
    about = models.UUIDField(null=True)
    identity = models.CharField(max_length=20, default=Identity.UNCHECKED)
    details = EncryptedTextField(null=True)
    identity_note = EncryptedTextField(null=True)
    extension = EncryptedTextField(null=True)
    answer = EncryptedTextField(null=True)
    refusal = EncryptedTextField(null=True)
    token = models.CharField(max_length=64, unique=True, null=True)
    received_at = models.DateTimeField()
    extended_at = models.DateTimeField(null=True)
    erase_after = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        indexes = [
            models.Index(fields=["subject", "-received_at"], name="privacy_requests_of_subject"),
            models.Index(
                fields=["received_at"], name="privacy_requests_running", condition=Q(state__in=_RUNNING)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=REQUEST.values), name="privacy_request_state_is_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="privacy_request_kind_is_known"),
            models.CheckConstraint(
                condition=Q(channel__in=_CHANNELS), name="privacy_request_channel_is_known"
            ),
            models.CheckConstraint(
                condition=Q(place__regex=r"^[A-Z]{2}$"), name="privacy_request_place_is_a_country"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_RUNNING, closed_at__isnull=True)
                | Q(state__in=_OVER, closed_at__isnull=False),
                name="privacy_closed_requests_say_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "cooling_off", "answered"]) | ~Q(identity="unchecked"),
                name="privacy_nothing_is_done_for_nobody_knows_whom",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(ERASING), token__isnull=False)
                | (~Q(kind__in=sorted(ERASING)) & Q(token__isnull=True)),
                name="privacy_an_erasure_has_a_certificate_link",
            ),
            models.CheckConstraint(
                condition=Q(kind="undo_order", about__isnull=False)
                | (~Q(kind="undo_order") & Q(about__isnull=True)),
                name="privacy_what_is_undone_is_named",
            ),
            models.UniqueConstraint(
                fields=["about"],
                condition=Q(state__in=_RUNNING, kind="undo_order"),
                name="privacy_an_order_is_undone_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="cooling_off") | Q(erase_after__isnull=False),
                name="privacy_cooling_off_ends",
            ),
            models.UniqueConstraint(
                fields=["subject", "kind"],
                condition=Q(state__in=_RUNNING, kind__in=sorted(SINGLE)),
                name="privacy_one_request_of_a_kind_runs",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_closed_request_stays_closed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.closed_at IS NOT NULL AND (NEW.state IS DISTINCT FROM OLD.state"
                    " OR NEW.closed_at IS DISTINCT FROM OLD.closed_at)"
                ),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING


class RequestMove(models.Model):
    """What happened to a request, when and by whom."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=30)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("step of a data request")
        verbose_name_plural = _("steps of data requests")
        indexes = [models.Index(fields=["request", "id"], name="privacy_moves_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(to_state__in=_OVER), name="privacy_a_request_ends_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY),
            pgtrigger.Trigger(
                name="another_officer_vouches",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_ANOTHER_OFFICER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.request_id}"
