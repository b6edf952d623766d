"""Addresses of the home page and the standing pages."""

from django.urls import path

from desk.web import pages, security, shop, status

app_name = "desk"
urlpatterns = [
    path("", pages.home, name="home"),
    path("pledge", pages.pledge, name="pledge"),
    path("help", pages.help_page, name="help"),
    path("accessibility", pages.accessibility, name="accessibility"),
    path("about", pages.about, name="about"),
    path("security", security.page, name="security"),
    path(".well-known/security.txt", security.text, name="security-txt"),
    path("healthz", status.alive, name="healthz"),
    path("readyz", status.ready, name="readyz"),
    path("status", status.page, name="status"),
    path("status/history", status.history, name="status-history"),
    path("status/feed/<slug:language>.xml", status.feed, name="status-feed"),
    path("merchant/<slug:slug>/", shop.today, name="merchant-today"),
]
