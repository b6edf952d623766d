"""The staff's admin site: Django's own, with our name and look."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class AnxinAdminConfig(AdminConfig):
    default_site = "config.admin_site.AnxinAdminSite"


class AnxinAdminSite(AdminSite):
    site_header = _("Anxin workbench")
    site_title = _("Anxin workbench")
    index_title = _("Queues")
    enable_nav_sidebar = True
