"""Documents of a shop: sealed files with a number, a validity and a history of what was decided."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id
from merchants.document_kinds import OF_A_BRAND, SINGLE, DocumentKind
from merchants.document_lifecycle import DocumentState
from merchants.models.shops import Merchant, history
from merchants.queries import DocumentQuerySet
from privacy.fields import EncryptedTextField

# The database, too, refuses another subject's file or seal.
_OWN_FILES = """
IF NEW.subject_id IS DISTINCT FROM (SELECT subject_id FROM merchants_merchant WHERE id = NEW.merchant_id)
    OR EXISTS (SELECT 1 FROM privacy_storedfile f
               WHERE f.id IN (NEW.file_id, NEW.back_id) AND f.subject_id <> NEW.subject_id) THEN
    RAISE EXCEPTION 'a document holds the files of its own shop'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'document_holds_its_own_shop_s_files';
END IF;
RETURN NEW;
"""


class Document(models.Model):
    """One document; a renewal is a new row that names the one before it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="documents")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    number = EncryptedTextField(subject="subject_id")
    # What an offer's number is compared with; "" where it was handed in before there was one.
    number_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    issuer = models.CharField(max_length=120, blank=True, default="")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    file = models.ForeignKey("privacy.StoredFile", on_delete=models.PROTECT, related_name="+")
    back = models.ForeignKey("privacy.StoredFile", on_delete=models.PROTECT, related_name="+", null=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=12, default="handed_in")
    reason = models.TextField(max_length=2000, blank=True, default="")
    handed_in_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    # Nobody has checked it in time: the senior's queue and the public figures know.
    overdue_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="document_holds_its_own_shop_s_files",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_OWN_FILES,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="document_kind_is_known", condition=Q(kind__in=[str(kind) for kind in DocumentKind])
            ),
            models.CheckConstraint(
                name="document_state_is_known", condition=Q(state__in=[str(each) for each in DocumentState])
            ),
            models.CheckConstraint(
                name="document_ends_after_it_begins",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="document_refused_says_why", condition=~Q(state="refused") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="document_verified_was_decided",
                condition=~Q(state__in=["verified", "refused", "expired"]) | Q(decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="document_held_once_where_there_is_one",
                fields=["merchant", "kind"],
                condition=Q(state="verified", kind__in=sorted(str(kind) for kind in SINGLE)),
            ),
        ]
        indexes = [
            models.Index(name="documents_of_a_shop", fields=["merchant", "kind", "state"]),
            models.Index(
                name="brand_papers_by_end",
                fields=["valid_until"],
                condition=Q(state="verified", kind__in=sorted(str(kind) for kind in OF_A_BRAND)),
            ),
            models.Index(name="documents_to_check", fields=["handed_in_at"], condition=Q(state="handed_in")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class DocumentMove(models.Model):
    """One decision about a document: what, by whom, why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    reason = models.TextField(max_length=2000, blank=True, default="")
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "merchant"

    class Meta:
        triggers = [history("merchant_document_move_is_append_only")]
        indexes = [models.Index(name="document_moves_by_time", fields=["document", "at"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.from_state} → {self.to_state}"
