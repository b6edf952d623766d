"""The platform's own people: roles are groups, and each group may see what its queue needs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.finding import account_locked
from accounts.models import User


class Role(StrEnum):
    REVIEWER = "reviewer"
    OFFICER = "officer"


# Apps whose records a role may look at in the staff pages; acting goes through use cases.
SEES = {
    Role.REVIEWER: ("merchants", "catalog", "orders", "payments", "complaints", "credit", "deadlines"),
    Role.OFFICER: (
        *("merchants", "catalog", "orders", "payments", "complaints", "credit", "deadlines"),
        *("privacy", "accounts", "notifications", "rulebook", "evidence", "outbox"),
    ),
}


def group_of(role: Role) -> Group:
    """The role's group, with exactly the permissions of the table above."""
    group, _ = Group.objects.get_or_create(name=role.value)
    visible = Permission.objects.filter(content_type__app_label__in=SEES[role], codename__startswith="view_")
    group.permissions.set(visible)
    return group


@transaction.atomic
def refresh_roles() -> None:
    """Bring every role's group up to the table above, after rooms have been added."""
    for role in Role:
        group_of(role)


@transaction.atomic
def appoint(*, user_id: UUID, role: Role, at: datetime) -> User:
    """Let an account into the staff pages in one role; an earlier role ends."""
    user = account_locked(user_id)
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.groups.set([group_of(role)])
    return user


def subjects_in(role: Role) -> list[UUID]:
    """Whoever holds the role now, by the key that letters go to."""
    found = User.objects.filter(groups__name=role.value, is_staff=True, is_active=True)
    return list(found.order_by("pk").values_list("subject_id", flat=True))


def roles_of(user: User) -> set[Role]:
    """The roles that an account holds; none for shoppers."""
    names = user.groups.values_list("name", flat=True)
    return {Role(name) for name in names if name in set(Role)}
