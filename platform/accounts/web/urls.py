"""Addresses of the account page."""

from django.urls import path

from accounts.web import account, verification

app_name = "accounts"
urlpatterns = [
    path("account/", account.Account.as_view(), name="account"),
    path("account/verification/", verification.Verifications.as_view(), name="verification"),
]
