"""Addresses of the public catalogue's API."""

from __future__ import annotations

from django.urls import path

from catalog.api import listings, sets, shop, variants, writing
from web.idempotency import idempotent

app_name = "catalog-api"
_LISTING = "merchant/<slug:slug>/listings/<str:key>"

urlpatterns = [
    path("listings/", listings.Listings.as_view(), name="listings"),
    path("sets/<uuid:set_id>/", sets.SetDetail.as_view(), name="set"),
    path("listings/<str:key>/", listings.ListingDetail.as_view(), name="listing"),
    path(
        "merchant/<slug:slug>/listings/", idempotent(writing.WrittenListings.as_view()), name="shop-listings"
    ),
    path("merchant/<slug:slug>/listings/<str:key>/", writing.WrittenListing.as_view(), name="shop-listing"),
    path(
        "merchant/<slug:slug>/listings/<str:key>/publication/",
        idempotent(writing.Publication.as_view()),
        name="shop-publication",
    ),
    path(
        "merchant/<slug:slug>/listings/<str:key>/stock/",
        idempotent(shop.StockOnHand.as_view()),
        name="shop-stock",
    ),
    path(f"{_LISTING}/variants/", variants.Variants.as_view(), name="shop-variants"),
    path(
        f"{_LISTING}/variants/<uuid:variant_id>/",
        variants.OneVariant.as_view(),
        name="shop-variant",
    ),
    path(
        f"{_LISTING}/variants/<uuid:variant_id>/stock/",
        idempotent(variants.VariantStock.as_view()),
        name="shop-variant-stock",
    ),
]
