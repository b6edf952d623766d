"""Addresses of the public catalogue and of the merchant's listings."""

from __future__ import annotations

from django.urls import path

from catalog.web import (
    bulk,
    bulk_files,
    certificates,
    comparing,
    editor,
    imports,
    listings,
    overview,
    personal,
    pictures,
    placements,
    product,
    shelves,
    shop,
    submissions,
    variants,
    wishes,
    wording,
)

app_name = "catalog"
_LISTINGS = "merchant/<slug:slug>/listings"

urlpatterns = [
    path("c/<slug:slug>/", shelves.category, name="category"),
    path("search", shelves.search, name="search"),
    path("ranking", shelves.ranking, name="ranking"),
    path("ranking/choice", personal.choice, name="ranking-choice"),
    path("compare", comparing.comparison, name="comparison"),
    path("wishes/", wishes.wishes, name="wishes"),
    path("wishes/<uuid:line_id>/", wishes.wish, name="wish"),
    path("alerts/", wishes.alerts, name="alerts"),
    path("alerts/<uuid:alert_id>/", wishes.alert, name="alert"),
    path("p/<str:key>/", product.product, name="product"),
    path("p/<str:key>/proofs/", certificates.proofs, name="proofs"),
    path("p/<str:key>/revisions/<int:number>/", product.revision, name="revision"),
    path("shop/<slug:slug>/", shop.shop, name="shop"),
    path("pictures/<str:name>", pictures.show, name="picture"),
    path("merchant/<slug:slug>/pictures/", pictures.collection, name="pictures"),
    path("merchant/<slug:slug>/pictures/add", pictures.addition, name="pictures-add"),
    path("merchant/<slug:slug>/pictures/<str:picture_id>/remove", pictures.removal, name="picture-remove"),
    path("merchant/<slug:slug>/placements/", placements.index, name="placements"),
    path("ad/<uuid:placement_id>/", placements.follow, name="placement"),
    path(f"{_LISTINGS}/", listings.index, name="listings"),
    path(f"{_LISTINGS}/file.csv", listings.export, name="listings-export"),
    path(f"{_LISTINGS}/new", listings.new, name="listing-new"),
    path(f"{_LISTINGS}/bulk/", bulk.index, name="bulk"),
    path(f"{_LISTINGS}/bulk/check", bulk.check, name="bulk-check"),
    path(f"{_LISTINGS}/bulk/changes", bulk.application, name="bulk-changes"),
    path(f"{_LISTINGS}/bulk/changes/<str:change_id>/", bulk.report, name="bulk-change"),
    path(f"{_LISTINGS}/bulk/file", bulk_files.upload, name="bulk-upload"),
    path(f"{_LISTINGS}/bulk/prices-and-stock.<str:ending>", bulk_files.export, name="bulk-file"),
    path("merchant/<slug:slug>/certificates/", certificates.index, name="certificates"),
    path(
        "merchant/<slug:slug>/certificates/<uuid:certificate_id>/withdrawal",
        certificates.withdrawal,
        name="certificate-withdrawal",
    ),
    path(f"{_LISTINGS}/shortfalls/", overview.index, name="shortfalls"),
    path(f"{_LISTINGS}/import", imports.upload, name="listing-import"),
    path(f"{_LISTINGS}/import/<str:run_id>/", imports.run, name="import-run"),
    path(f"{_LISTINGS}/import/<str:run_id>/start", imports.start, name="import-start"),
    path(f"{_LISTINGS}/import/<str:run_id>/stop", imports.stop, name="import-stop"),
    path(f"{_LISTINGS}/import/<str:run_id>/report.csv", imports.report, name="import-report"),
    path(f"{_LISTINGS}/<str:key>/", editor.edit, name="listing"),
    path(f"{_LISTINGS}/<str:key>/stock", editor.count_stock, name="listing-stock"),
    path(f"{_LISTINGS}/<str:key>/pictures", pictures.of_listing, name="listing-pictures"),
    path(f"{_LISTINGS}/<str:key>/options", variants.options, name="listing-options"),
    path(f"{_LISTINGS}/<str:key>/variants", variants.table, name="listing-variants"),
    path(
        f"{_LISTINGS}/<str:key>/variants/<uuid:variant_id>/retirement",
        variants.retirement,
        name="listing-variant-retirement",
    ),
    path(
        f"{_LISTINGS}/<str:key>/variants/<uuid:variant_id>/return",
        variants.return_to_draft,
        name="listing-variant-return",
    ),
    path(f"{_LISTINGS}/<str:key>/publication", editor.publication, name="listing-publication"),
    path(
        f"{_LISTINGS}/<str:key>/submissions/<str:submission_id>/", submissions.submission, name="submission"
    ),
    path(f"{_LISTINGS}/<str:key>/wording", wording.typed, name="listing-wording"),
    path(f"{_LISTINGS}/<str:key>/preview", editor.preview, name="listing-preview"),
    path(f"{_LISTINGS}/<str:key>/withdrawal", editor.withdrawal, name="listing-withdrawal"),
    path(f"{_LISTINGS}/<str:key>/versions/<int:number>/", editor.compare, name="listing-compare"),
]
