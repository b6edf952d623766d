"""Addresses of a person's wallet, below `me/`."""

from __future__ import annotations

from django.urls import path

from payments.api import own_wallet

app_name = "payments-api"

urlpatterns = [
    path("me/points/", own_wallet.OwnPoints.as_view(), name="own-points"),
    path("me/cards/", own_wallet.OwnCards.as_view(), name="own-cards"),
]
