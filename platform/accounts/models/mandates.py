"""Acting for somebody else: a mandate with a scope and an end, given by one and accepted by the other."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.mandate_scopes import Kinship, Scope
from accounts.models.joint_acts import JointAct
from kernel.ids import new_id
from privacy.models import StoredFile, Subject

_ENTERED_BY_TWO = """
IF NEW.act_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM accounts_jointact j
    WHERE j.id = NEW.act_id AND j.kind = 'accounts.enter_mandate' AND j.state = 'confirmed'
        AND j.parameters ->> 'principal_id' = NEW.principal_id::text
        AND j.parameters ->> 'proxy_id' = NEW.proxy_id::text
        AND j.parameters ->> 'document_id' = NEW.document_id::text
) THEN
    RAISE EXCEPTION 'no two people have entered this mandate';
END IF;
RETURN NEW;
"""


class Mandate(models.Model):
    """`principal` lets `proxy` do what `scopes` names, from `starts_at` until `ends_at` (not included)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    principal = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    proxy = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+", null=True)
    # A keyed digest of the code that the principal hands over; empty once it was used.
    code_digest = models.CharField(max_length=64, blank=True, default="")
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    kinship = models.CharField(max_length=20, choices=Kinship)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    granted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)
    renews = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    # Entered by staff from a paper: the joint act and the sealed file.
    act = models.ForeignKey(JointAct, on_delete=models.PROTECT, related_name="+", null=True)
    document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proxy__isnull=True) | ~Q(proxy=F("principal")), name="nobody_is_their_own_proxy"
            ),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=[str(scope) for scope in Scope], scopes__len__gt=0),
                name="a_mandate_names_known_scopes",
            ),
            models.CheckConstraint(
                condition=Q(kinship__in=Kinship.values), name="a_mandate_says_how_they_are_related"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_mandate_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(proxy__isnull=False, code_digest=""),
                name="an_accepted_mandate_has_a_proxy",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="a_revoked_mandate_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(act__isnull=True, document__isnull=True)
                | Q(act__isnull=False, document__isnull=False),
                name="an_entered_mandate_has_its_paper",
            ),
            models.UniqueConstraint(
                fields=["code_digest"], condition=~Q(code_digest=""), name="a_mandates_code_is_its_own"
            ),
        ]
        indexes = [
            models.Index(fields=["principal", "-granted_at"], name="mandates_given"),
            models.Index(fields=["proxy", "-granted_at"], name="mandates_held"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="entered_by_two",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_ENTERED_BY_TWO,
            ),
            pgtrigger.Protect(
                name="a_mandate_is_not_widened",
                operation=pgtrigger.UpdateOf(
                    *("principal_id", "scopes", "kinship", "starts_at", "ends_at", "granted_at"),
                    *("renews_id", "act_id", "document_id"),
                ),
            ),
            pgtrigger.Protect(
                name="a_mandate_stays_with_its_proxy",
                operation=pgtrigger.UpdateOf("proxy_id", "accepted_at"),
                condition=pgtrigger.Q(old__accepted_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="a_revoked_mandate_stays_revoked",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False),
            ),
            pgtrigger.Protect(name="a_mandate_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"mandate {str(self.pk)[-8:]}"
