"""Addresses of the account's own pages."""

from django.urls import path

from accounts.web import (
    account,
    contact_pages,
    factor_pages,
    recovering,
    security,
    tokens,
    verification,
    weixin_pages,
)

app_name = "accounts"
urlpatterns = [
    path("account/", account.Account.as_view(), name="account"),
    path("account/verification/", verification.Verifications.as_view(), name="verification"),
    path("account/tokens/", tokens.own, name="tokens"),
    path("account/tokens/<uuid:token_id>/revocation/", tokens.revoke, name="token-revocation"),
    path("account/security/", security.Security.as_view(), name="security"),
    path("account/security/freeze/", recovering.FreezeOwn.as_view(), name="freeze"),
    path("account/sessions/", security.Sessions.as_view(), name="sessions"),
    path("account/factors/<int:pk>/remove/", factor_pages.RemoveFactor.as_view(), name="factor_remove"),
    path("account/factors/<int:pk>/name/", factor_pages.NamePasskey.as_view(), name="passkey_name"),
    path("account/contacts/", contact_pages.Contacts.as_view(), name="contacts"),
    path("account/contacts/<slug:kind>/", contact_pages.ChangeContact.as_view(), name="contact"),
    path("account/undo/<str:token>/", recovering.Undo.as_view(), name="undo"),
    path("account/not-me/<str:token>/", recovering.NotMe.as_view(), name="not_me"),
    path("account/weixin/", weixin_pages.Connect.as_view(), name="weixin_connect"),
    path("accounts/login/weixin/", weixin_pages.Start.as_view(), name="weixin"),
    path("accounts/login/weixin/back/", weixin_pages.Back.as_view(), name="weixin_back"),
    path("account/recovery/", recovering.Recovery.as_view(), name="recovery"),
]
