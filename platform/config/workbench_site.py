"""The staff's admin site: Django's own, with our name and look, open only in a running staff session."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import emergencies, joint_acts
from web import respond

# Tables of Django and allauth.
NOT_SHOWN = {"auth", "account", "mfa"}

# Pages of ours beside Django's lists: route, permissions of which one opens it (none: a joint act's), words.
DESKS = (
    ("admin:deadlines_queues", ("deadlines.view_deadline",), _("What is due")),
    ("admin:privacy_exports", ("privacy.view_exportfiling",), _("Data abroad and minors' data")),
    ("staff:kept", ("privacy.open_kept",), _("What is kept of the erased")),
    ("staff:security", ("accounts.watch_security",), _("Security desk")),
    ("staff:emergencies", ("accounts.review_emergency",), _("Emergencies to review")),
    ("staff:joint", (), _("Acts that take two people")),
    ("staff:appointing", ("accounts.appoint_staff",), _("Roles of staff")),
    ("staff:glass", ("accounts.break_glass",), _("Emergency powers")),
)


class AnxinAdminSite(AdminSite):
    site_header = _("Anxin workbench")
    site_title = _("Anxin workbench")
    index_title = _("Queues")
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Sign-in addresses, second factors and groups are nobody's to edit here."""
        single = isinstance(model_or_iterable, type)
        models: list[Any] = [model_or_iterable] if single else list(model_or_iterable)
        shown = [model for model in models if model._meta.app_label not in NOT_SHOWN]
        super().register(shown, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """A second lock behind the gate of accounts/web/staff_gate.py."""
        return request.user.is_active and getattr(request, "staff_session", None) is not None

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one entrance, with role, reason and second factor."""
        return respond.redirect(request, "staff:start")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Passwords are changed where everybody changes theirs."""
        return respond.redirect(request, "account_change_password")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Beside Django's own: the running session, and every glass that is broken now."""
        now = timezone.now()
        running = getattr(request, "staff_session", None)
        glass = emergencies.open_now(now=now) if running is not None else []
        context = {**super().each_context(request), "running": running, "glass": glass, "real_now": now}
        if running is not None:
            joint = tuple({step.permission for step in joint_acts.steps()})
            context["desks"] = [
                (str(label), reverse(route))
                for route, permissions, label in DESKS
                if any(map(request.user.has_perm, permissions or joint))
            ]
        return context
