"""Addresses of reports of violations."""

from django.urls import path

from oversight.web import public, reporting, shop, tracking

app_name = "oversight"

urlpatterns = [
    path("reports/", public.reports, name="reports"),
    path("reports/figures.json", public.figures_file, name="figures"),
    path("reports/new/", reporting.new, name="new"),
    path("reports/sent/", reporting.sent, name="sent"),
    path("reports/track/", tracking.track, name="track"),
    path("reports/forgetting/", tracking.forget, name="forget"),
    path("merchant/<slug:slug>/oversight/", shop.matters, name="shop-matters"),
    path("merchant/<slug:slug>/oversight/<str:number>/", shop.matter, name="shop-matter"),
]
