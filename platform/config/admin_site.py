"""The staff's admin site in place of Django's own."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class AnxinAdminConfig(AdminConfig):
    default_site = "config.workbench_site.AnxinAdminSite"
