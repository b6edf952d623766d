"""Addresses of the application and of the portal's frame."""

from __future__ import annotations

from django.urls import path

from merchants.web import apply

app_name = "merchants"

urlpatterns = [
    path("merchant/", apply.mine, name="mine"),
    path("merchant/apply", apply.apply, name="apply"),
]
