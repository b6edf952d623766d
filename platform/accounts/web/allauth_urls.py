"""The pages of allauth that we offer, under its own names; nothing that shows or lists addresses."""

from allauth.account import views
from allauth.mfa.webauthn.views import login_webauthn
from django.db import transaction
from django.urls import path
from django.views.generic import RedirectView

from accounts.web import factor_pages, recovery_codes, signing_out
from accounts.web.proving import Prove
from web.step_up import proved_recently

to_security = RedirectView.as_view(pattern_name="accounts:security")
urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("login/code/", views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("login/second/", factor_pages.Challenge.as_view(), name="mfa_authenticate"),
    path("login/passkey/", login_webauthn, name="mfa_login_webauthn"),
    path("logout/", signing_out.sign_out, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # One transaction: if the code can't leave, there is no account that nobody can prove.
    path("signup/", transaction.atomic(views.signup), name="account_signup"),
    path("confirm-email/", views.email_verification_sent, name="account_email_verification_sent"),
    path("reauthenticate/", Prove.as_view(), name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    # A first password opens every other door: an open browser alone must not set it.
    path("password/set/", proved_recently(views.password_set), name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path(
        "password/reset/confirm/",
        views.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path("password/reset/complete/", views.complete_password_reset, name="account_complete_password_reset"),
    path("password/reset/done/", views.password_reset_from_key_done, name="account_password_reset_completed"),
    path("email/", RedirectView.as_view(pattern_name="accounts:account"), name="account_email"),
    path("factors/", to_security, name="mfa_index"),
    path("factors/app/", factor_pages.AddApp.as_view(), name="mfa_activate_totp"),
    path(
        "factors/app/off/", RedirectView.as_view(pattern_name="accounts:security"), name="mfa_deactivate_totp"
    ),
    path("factors/passkey/", factor_pages.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("factors/codes/", recovery_codes.RecoveryCodesPage.as_view(), name="mfa_view_recovery_codes"),
]
