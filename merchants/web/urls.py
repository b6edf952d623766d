"""Addresses of the application and of the portal's frame."""

from __future__ import annotations

from django.urls import path

from merchants.web import (
    about,
    appeals,
    apply,
    apply_tasks,
    closing,
    documents,
    identity,
    inspections,
    members,
    quizzes,
    register,
    sanctions,
    standing,
    tokens,
    webhooks,
)

app_name = "merchants"
_HOOKS = "merchant/<slug:slug>/webhooks/"
_HOOK = f"{_HOOKS}<uuid:webhook_id>"

urlpatterns = [
    path("merchant/", apply.mine, name="mine"),
    path("merchant/apply", apply.apply, name="apply"),
    path("merchant/apply/<uuid:application_id>/", apply.application, name="application"),
    path("merchant/apply/<uuid:application_id>/submission", apply.submit, name="application-submission"),
    path("merchant/apply/<uuid:application_id>/end", apply.give_up, name="application-end"),
    path("merchant/apply/<uuid:application_id>/<slug:task>/", apply_tasks.task, name="application-task"),
    path("merchant/training/<slug:course>/", quizzes.quiz, name="training"),
    path("merchant/<slug:slug>/inspections/", inspections.inspections, name="inspections"),
    path(
        "merchant/<slug:slug>/inspections/<uuid:inspection_id>/answer",
        inspections.answer,
        name="inspection-answer",
    ),
    path(
        "merchant/<slug:slug>/inspections/files/<uuid:file_id>", inspections.evidence, name="inspection-file"
    ),
    path("merchant/<slug:slug>/appeals/files/<uuid:file_id>/", appeals.appeal_file, name="appeal-file"),
    path("merchant/<slug:slug>/appeals/<slug:about>/<uuid:reference>/", appeals.appeal, name="appeal"),
    path("merchant/join/<str:token>/", members.join, name="join"),
    path("merchant/<slug:slug>/members/", members.listing, name="members"),
    path("merchant/<slug:slug>/members/<uuid:membership_id>/", members.change, name="member"),
    path(
        "merchant/<slug:slug>/members/invitations/<uuid:invitation_id>/",
        members.withdraw,
        name="invitation-withdrawal",
    ),
    path("merchant/<slug:slug>/closing/", closing.closing, name="closing"),
    path("shops/", register.shops, name="register"),
    path("sanctions/", sanctions.sanctions, name="sanctions"),
    path("merchant/<slug:slug>/shop/", about.about, name="about"),
    path("merchant/<slug:slug>/standing/", standing.standing, name="standing"),
    path("merchant/<slug:slug>/penalties/<uuid:penalty_id>/answer/", standing.answer, name="penalty-answer"),
    path("merchant/<slug:slug>/identity/", identity.identity, name="identity"),
    path("merchant/<slug:slug>/identity/confirmation", identity.confirm, name="identity-confirmation"),
    path("merchant/<slug:slug>/documents/", documents.listing, name="documents"),
    path(
        "merchant/<slug:slug>/documents/<uuid:document_id>/<slug:side>/",
        documents.paper,
        name="document-paper",
    ),
    path(
        "merchant/<slug:slug>/documents/<uuid:document_id>/withdrawal",
        documents.withdraw,
        name="document-withdrawal",
    ),
    path("merchant/<slug:slug>/tokens/", tokens.listing, name="tokens"),
    path(_HOOKS, webhooks.listing, name="webhooks"),
    path(f"{_HOOK}/", webhooks.show, name="webhook"),
    path(f"{_HOOK}/secret/", webhooks.secret, name="webhook-secret"),
    path(f"{_HOOK}/pause/", webhooks.pause, name="webhook-pause"),
    path(f"{_HOOK}/end/", webhooks.end, name="webhook-end"),
    path(f"{_HOOK}/deliveries/<uuid:delivery_id>/", webhooks.delivery, name="webhook-delivery"),
    path(f"{_HOOK}/deliveries/<uuid:delivery_id>/again/", webhooks.again, name="webhook-again"),
    path("merchant/<slug:slug>/tokens/<uuid:token_id>/revocation/", tokens.revoke, name="token-revocation"),
]
