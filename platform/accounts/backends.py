"""Signing in is allauth's; what staff may do comes from their running session and from nowhere else."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts import staff_roles


class StaffAwareBackend(AuthenticationBackend):  # type: ignore[misc]
    """No group, no superuser flag and no row of Django's permissions opens anything."""

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
