"""Addresses of the public catalogue's API."""

from __future__ import annotations

from django.urls import path

from catalog.api import listings

app_name = "catalog-api"

urlpatterns = [
    path("listings/", listings.Listings.as_view(), name="listings"),
    path("listings/<str:key>/", listings.ListingDetail.as_view(), name="listing"),
]
