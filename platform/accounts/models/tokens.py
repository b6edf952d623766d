"""Tokens by which a program acts for a person or a shop."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.token_scopes import OF_A_PERSON, OF_A_SHOP, Scope
from kernel.ids import new_id


class ApiToken(models.Model):
    """Of the secret only a keyed digest stays; `prefix` is what people tell it by."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    # Written from above, by merchants: null for a person's own token.
    merchant_id = models.UUIDField(null=True, blank=True)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True, db_index=False)
    scopes = ArrayField(models.CharField(max_length=20))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="accounts_token_by_person", fields=["subject", "-created_at"]),
            models.Index(name="accounts_token_by_shop", fields=["merchant_id", "-created_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="accounts_token_does_something_known",
                condition=Q(scopes__contained_by=[str(each) for each in Scope]) & ~Q(scopes__len=0),
            ),
            models.CheckConstraint(
                name="accounts_token_of_a_shop_or_a_person",
                condition=Q(merchant_id=None, scopes__contained_by=[str(each) for each in OF_A_PERSON])
                | Q(merchant_id__isnull=False, scopes__contained_by=[str(each) for each in OF_A_SHOP]),
            ),
            models.CheckConstraint(
                name="accounts_token_expires", condition=Q(expires_at__gt=F("created_at"))
            ),
            models.CheckConstraint(
                name="accounts_token_keeps_a_digest", condition=Q(digest__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return self.prefix
