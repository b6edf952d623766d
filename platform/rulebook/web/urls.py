"""The public rules library."""

from django.urls import path

from rulebook.web import views

app_name = "rulebook"

urlpatterns = [
    path("rules/", views.library, name="library"),
    path("rules/silence/", views.silence, name="silence"),
    path("rules/<str:rule_id>/", views.rule, name="rule"),
]
