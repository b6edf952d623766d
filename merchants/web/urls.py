"""Addresses of the application and of the portal's frame."""

from __future__ import annotations

from django.urls import path

from merchants.web import apply, tokens

app_name = "merchants"

urlpatterns = [
    path("merchant/", apply.mine, name="mine"),
    path("merchant/apply", apply.apply, name="apply"),
    path("merchant/<slug:slug>/tokens/", tokens.listing, name="tokens"),
    path("merchant/<slug:slug>/tokens/<uuid:token_id>/revocation/", tokens.revoke, name="token-revocation"),
]
