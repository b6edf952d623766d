"""Addresses of the privacy centre."""

from django.urls import path

from privacy.web import centre, consents

app_name = "privacy"
urlpatterns = [
    path("privacy/", centre.centre, name="centre"),
    path("privacy/policy/", centre.policy, name="policy"),
    path("privacy/consents/", consents.all_consents, name="consents"),
    path("privacy/consents/<slug:purpose>/", consents.Answer.as_view(), name="consent"),
    path("privacy/receipts/<str:number>/", consents.receipt, name="receipt"),
    path("privacy/receipts/<str:number>/text/", consents.receipt_text, name="receipt-text"),
]
