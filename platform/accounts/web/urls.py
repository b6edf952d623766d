"""Addresses of the account page."""

from django.urls import path

from accounts.web import account

app_name = "accounts"
urlpatterns = [path("account/", account.Account.as_view(), name="account")]
