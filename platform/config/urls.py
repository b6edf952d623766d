"""All addresses: one line per room."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from merchants.web.bound import bind

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("staff/", include("accounts.web.staff_urls")),
    path("", include("web.urls")),
    path("", include("desk.web.urls")),
    path("accounts/", include("accounts.web.allauth_urls")),
    path("", include("accounts.web.urls")),
    path("", include("privacy.web.urls")),
    path("really/", include("accounts.web.really_urls")),
    path("mandates/", include("accounts.web.mandate_urls")),
    path("", include("notifications.web.urls")),
    path("", include("merchants.web.urls")),
    # Before the catalogue, which answers any other word below /reports/ as a number of an older report.
    path("", include("oversight.web.urls")),
    path("", include("catalog.web.urls")),
    path("api/v1/", include("catalog.api.urls")),
    path("api/v1/", include("orders.api.urls")),
    path("api/v1/", include("payments.api.urls")),
    path("api/v1/", include("oversight.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include("payments.web.urls")),
    path("", include("orders.web.urls")),
    path("", include("complaints.web.urls")),
    path("", include("credit.web.urls")),
    path("", include("deadlines.web.urls")),
    path("", include("rulebook.web.urls")),
]

bind(urlpatterns)

handler400 = "web.errors.bad_request"
handler403 = "web.errors.forbidden"
handler404 = "web.errors.not_found"
handler429 = "web.errors.too_many"
handler500 = "web.errors.broken"
