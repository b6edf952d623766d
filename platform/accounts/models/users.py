"""Who can sign in. What is known about the person stands with the subject, sealed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from kernel.ids import new_id
from privacy.fields import EncryptedTextField
from privacy.models import Subject


class UserManager(BaseUserManager["User"]):
    """Accounts are opened by signing_in.open_account, never here."""


class User(AbstractBaseUser, PermissionsMixin):
    """An account: attaches to a subject and knows nothing but a pseudonym of its address or number."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="+")
    pseudonym = models.CharField(max_length=80, unique=True)
    display_name = EncryptedTextField(subject="subject_id")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "pseudonym"
    EMAIL_FIELD = "pseudonym"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pseudonym__regex=r"^[0-9a-f]{64}@[pt]\.invalid$"),
                name="an_account_is_called_by_a_pseudonym",
            ),
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="nobody_is_a_superuser"),
        ]

    def __str__(self) -> str:
        return f"account {str(self.pk)[-8:]}"

    def get_full_name(self) -> str:
        """What the person wants to be called (opened with the subject's key)."""
        return str(self.display_name)

    get_short_name = get_full_name
