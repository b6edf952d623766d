"""A matter is one violation of one kind at one place, however many people report it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from catalog.models import Listing, ListingRevision
from kernel.ids import new_id
from merchants.models import Merchant, Penalty
from oversight.queries import MatterQuerySet
from oversight.states import (
    BY_A_RULE,
    MATTER,
    RULINGS,
    RUNNING,
    Authority,
    Kind,
    MatterState,
    Target,
)
from privacy.fields import EncryptedTextField
from privacy.models import StoredFile, Subject

_RUNNING = Q(state__in=sorted(RUNNING))
_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete
_CLOSED_ONCE = """
IF OLD.decided_at IS NOT NULL THEN
    RAISE EXCEPTION 'oversight: a matter is decided once' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def _one_of(name: str, field: str, values: type[Kind] | type[Target] | list[str]) -> models.CheckConstraint:
    known = {f"{field}__in": [str(each) for each in values]}
    return models.CheckConstraint(name=name, condition=Q(**known))


class Matter(models.Model):
    """What is looked into; who reported it stands elsewhere, and no shop ever reads that."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=20)
    target = models.CharField(max_length=10)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", null=True)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="+", null=True)
    # What was live when the first report came in.
    revision = models.ForeignKey(ListingRevision, on_delete=models.PROTECT, related_name="+", null=True)
    page = models.CharField(max_length=200, blank=True, default="")
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=14, default=MatterState.RECEIVED)
    opened_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    # What the shop is asked, in the desk's own words: a reporter's might tell who they are.
    question = models.TextField(max_length=2000, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    shop_subject_id = models.UUIDField(null=True, editable=False)
    answer = EncryptedTextField(subject="shop_subject_id", null=True)
    overdue_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = MatterQuerySet.as_manager()
    tenant = "merchant"

    class Meta:
        indexes = [
            models.Index(name="matters_to_decide", fields=["-urgent", "opened_at"], condition=_RUNNING),
            models.Index(name="matters_by_shop", fields=["merchant", "-opened_at"]),
            models.Index(name="matters_by_opening", fields=["-opened_at"]),
        ]
        constraints = [
            _one_of("matter_kind_is_known", "kind", Kind),
            _one_of("matter_target_is_known", "target", Target),
            _one_of("matter_state_is_known", "state", MATTER.values),
            models.CheckConstraint(
                name="matter_target_is_there",
                condition=Q(target="listing", listing__isnull=False, merchant__isnull=False)
                | Q(target="shop", listing__isnull=True, merchant__isnull=False)
                | (Q(target="page", merchant__isnull=True) & ~Q(page=""))
                | Q(target="elsewhere", merchant__isnull=True, page=""),
            ),
            models.CheckConstraint(
                name="matter_closed_says_when",
                condition=(_RUNNING & Q(decided_at__isnull=True)) | (~_RUNNING & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="matter_asked_says_what", condition=Q(asked_at__isnull=True) | ~Q(question="")
            ),
            models.UniqueConstraint(
                name="matter_once_per_listing",
                fields=["kind", "listing"],
                condition=_RUNNING & Q(target="listing"),
            ),
            models.UniqueConstraint(
                name="matter_once_per_shop",
                fields=["kind", "merchant"],
                condition=_RUNNING & Q(target="shop"),
            ),
            models.UniqueConstraint(
                name="matter_once_per_page", fields=["kind", "page"], condition=_RUNNING & Q(target="page")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="matter_is_decided_once",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state", "decided_at"),
                func=_CLOSED_ONCE,
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING


class MatterMove(models.Model):
    """What happened to a matter, when and by whom."""

    id = models.BigAutoField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=20)
    from_state = models.CharField(max_length=14, blank=True)
    to_state = models.CharField(max_length=14)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "matter"

    class Meta:
        indexes = [models.Index(fields=["matter", "id"], name="matter_moves_in_order")]
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.name} {self.matter_id}"


class Report(models.Model):
    """What one person told; sealed under their key, found by the digest of the code they were given."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="reports")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    # An anonymous one belongs to a subject made for it alone, so that it leads to no account.
    named = models.BooleanField()
    digest = models.BinaryField(unique=True, max_length=32)
    words = EncryptedTextField()
    about = EncryptedTextField(null=True)
    contact = EncryptedTextField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["matter", "made_at"], name="matter_reports_in_order"),
            models.Index(fields=["subject", "-made_at"], name="matter_reports_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["matter", "subject"], name="report_once_per_matter"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReportFile(models.Model):
    """A picture or paper that came with a report."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = True

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return str(self.file_id)


class Look(models.Model):
    """Who of the staff opened the reports of a matter, and why: nobody decides unread."""

    id = models.BigAutoField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="looks")
    actor = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.actor} {self.matter_id}"


class Ruling(models.Model):
    """What the desk decided and why; a serious one waits for a second person until it is in force."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="rulings")
    outcome = models.CharField(max_length=14)
    reasons = models.TextField(max_length=2000)
    rule_id = models.CharField(max_length=100, blank=True, default="")
    points = models.PositiveSmallIntegerField(default=0)
    penalty = models.ForeignKey(Penalty, on_delete=models.PROTECT, related_name="+", null=True)
    authority = models.CharField(max_length=10, blank=True, default="")
    # What the authority calls it, or how and when it was handed over.
    record = models.CharField(max_length=200, blank=True, default="")
    by_two = models.BooleanField(default=False)
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)

    tenant = "matter"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ruling_one_in_force", fields=["matter"], condition=Q(in_force_at__isnull=False)
            ),
            _one_of("ruling_outcome_is_known", "outcome", list(RULINGS)),
            models.CheckConstraint(name="ruling_has_reasons", condition=~Q(reasons="")),
            models.CheckConstraint(
                name="ruling_names_its_rule", condition=~Q(outcome__in=sorted(BY_A_RULE)) | ~Q(rule_id="")
            ),
            models.CheckConstraint(
                name="ruling_points_are_points",
                condition=Q(outcome="points", points__gt=0) | (~Q(outcome="points") & Q(points=0)),
            ),
            models.CheckConstraint(
                name="ruling_says_to_whom",
                condition=(
                    Q(outcome="handed_over", authority__in=[str(each) for each in Authority]) & ~Q(record="")
                )
                | (~Q(outcome="handed_over") & Q(authority="")),
            ),
            models.CheckConstraint(
                name="ruling_takes_two_where_it_must",
                condition=~Q(outcome="handed_over") | Q(by_two=True),
            ),
            models.CheckConstraint(
                name="ruling_by_two_was_confirmed",
                condition=Q(by_two=False, confirmed_by__isnull=True)
                | Q(by_two=True, in_force_at__isnull=True)
                | (Q(by_two=True, confirmed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.matter_id}"
