"""Addresses of the API of this room."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "oversight-api"

urlpatterns: list[URLPattern] = []
