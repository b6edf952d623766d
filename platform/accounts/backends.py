"""Signing in is allauth's; what staff may do comes from their running session and from nowhere else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from accounts import staff_roles
from accounts.models import User
from web.kept_statements import Kept

_USERS = Kept[User](lambda user_id: User._default_manager.filter(pk=user_id))


class StaffAwareBackend(AuthenticationBackend):  # type: ignore[misc]
    """No group, no superuser flag and no row of Django's permissions opens anything."""

    def get_user(self, user_id: Any) -> User | None:
        """Whose session it is; nobody whose account is closed. Every page of somebody signed in asks it."""
        found = _USERS.rows(user_id=user_id if isinstance(user_id, UUID) else UUID(str(user_id)))
        return found[0] if found and self.user_can_authenticate(found[0]) else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return any(staff_roles.may(role, perm) for role in _powers(user_obj))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(staff_roles.sees_room(role, app_label) for role in _powers(user_obj))

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()


def _powers(user: Any) -> tuple[staff_roles.Role, ...]:
    """What the staff middleware found for this request; a superuser row without a session has none."""
    return getattr(user, "staff_powers", ()) if user.is_active else ()
