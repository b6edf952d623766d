"""Addresses of the privacy centre."""

from django.urls import path

from privacy.web import (
    asking,
    centre,
    certificates,
    consents,
    doors,
    machines,
    parcels,
    proving,
    seeing,
    watching,
)

app_name = "privacy"
urlpatterns = [
    path("privacy/", centre.centre, name="centre"),
    path("privacy/policy/", centre.policy, name="policy"),
    path("privacy/see/", seeing.see, name="see"),
    path("privacy/looked/", seeing.looked, name="looked"),
    path("privacy/decisions/", machines.decisions, name="decisions"),
    path("privacy/assessed/", machines.assessed, name="assessed"),
    path("privacy/abroad/", machines.abroad, name="abroad"),
    path("privacy/copy/", doors.TakeAway.as_view(), name="copy"),
    path("privacy/change/", doors.Change.as_view(), name="change"),
    path("privacy/change/orders/", parcels.Parcels.as_view(), name="correct"),
    path("privacy/delete/", doors.delete, name="delete"),
    path("privacy/delete/<slug:what>/", doors.Ending.as_view(), name="ending"),
    path("privacy/requests/", asking.Requests.as_view(), name="requests"),
    path("privacy/requests/<str:number>/", asking.one_request, name="request"),
    path("privacy/requests/<str:number>/file/", certificates.download, name="download"),
    path("privacy/certificates/keys.json", certificates.keys, name="certificate-keys"),
    path("privacy/certificates/<str:token>/", certificates.certificate, name="certificate"),
    path(
        "privacy/certificates/<str:token>/document.json", certificates.document, name="certificate-document"
    ),
    path("privacy/copies/schema/<int:version>.json", certificates.copy_schema, name="copy-schema"),
    path("privacy/requests/<str:number>/withdrawal/", asking.withdrawal, name="withdrawal"),
    path("privacy/consents/", consents.all_consents, name="consents"),
    path("privacy/seen/", consents.forget_seen, name="seen"),
    path("privacy/consents/<slug:purpose>/", consents.Answer.as_view(), name="consent"),
    path("privacy/receipts/<str:number>/", consents.receipt, name="receipt"),
    path("privacy/receipts/<str:number>/text/", consents.receipt_text, name="receipt-text"),
    path("privacy/minors/", watching.Minors.as_view(), name="minors"),
    path("privacy/minors/age/", watching.age, name="age"),
    path("privacy/minors/invitation/", watching.invitation, name="invitation"),
    path("privacy/minors/guardian/", watching.joining, name="joining"),
    path("privacy/minors/spending/", watching.spending_question, name="spending-question"),
    path("privacy/minors/spending/<uuid:spending_id>/", watching.spending_answer, name="spending-answer"),
    path("privacy/minors/<uuid:link_id>/order/", watching.Undoing.as_view(), name="undoing"),
    path("privacy/minors/<uuid:link_id>/proof/", proving.Proof.as_view(), name="proof"),
    path("privacy/minors/<uuid:link_id>/<slug:step>/", watching.link_step, name="link-step"),
]
