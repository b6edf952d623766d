"""The pages of allauth that we offer, under its own names; nothing that shows or lists addresses."""

from allauth.account import views
from django.db import transaction
from django.urls import path
from django.views.generic import RedirectView

from accounts.web.proving import Prove

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # One transaction: if the code can't leave, there is no account that nobody can prove.
    path("signup/", transaction.atomic(views.signup), name="account_signup"),
    path("confirm-email/", views.email_verification_sent, name="account_email_verification_sent"),
    path("reauthenticate/", Prove.as_view(), name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path(
        "password/reset/confirm/",
        views.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path("password/reset/complete/", views.complete_password_reset, name="account_complete_password_reset"),
    path("password/reset/done/", views.password_reset_from_key_done, name="account_password_reset_completed"),
    path("email/", RedirectView.as_view(pattern_name="accounts:account"), name="account_email"),
]
