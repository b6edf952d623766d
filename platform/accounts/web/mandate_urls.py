"""Addresses of mandates."""

from django.urls import path

from accounts.web import mandate_pages as pages

app_name = "mandates"
urlpatterns = [
    path("", pages.mine, name="mine"),
    path("new/", pages.Grant.as_view(), name="grant"),
    path("accept/", pages.Accept.as_view(), name="accept"),
    path("back/", pages.back, name="back"),
    path("<uuid:mandate_id>/renew/", pages.Grant.as_view(), name="renew"),
    path("<uuid:mandate_id>/accept/", pages.accept_known, name="accept-known"),
    path("<uuid:mandate_id>/revoke/", pages.revoke, name="revoke"),
    path("<uuid:mandate_id>/act/", pages.act, name="act"),
]
