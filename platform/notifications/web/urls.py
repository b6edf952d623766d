"""Addresses of the inbox."""

from django.urls import path

from notifications.web import inbox

app_name = "notifications"
urlpatterns = [
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/read/", inbox.AllRead.as_view(), name="all-read"),
    path("inbox/settings/", inbox.Settings.as_view(), name="settings"),
    path("inbox/<uuid:letter_id>/", inbox.LetterPage.as_view(), name="letter"),
    path("inbox/<uuid:letter_id>/read/", inbox.Read.as_view(), name="read"),
]
