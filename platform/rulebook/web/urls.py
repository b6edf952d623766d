"""The public rules library."""

from django.urls import path

from rulebook.web import platform_rules, views

app_name = "rulebook"

urlpatterns = [
    path("rules/", views.library, name="library"),
    path("rules/limits/", views.limits, name="limits"),
    path("rules/silence/", views.silence, name="silence"),
    path("rules/changes/", views.history, name="changes"),
    path("rules/platform/", platform_rules.library, name="platform"),
    path("rules/platform/<str:slug>/", platform_rules.show, name="platform-rule"),
    path("rules/platform/<str:slug>/<int:version>/text/", platform_rules.download, name="platform-text"),
    path(
        "rules/platform/<str:slug>/<int:version>/comments/", platform_rules.comment, name="platform-comment"
    ),
    path("rules/<str:rule_id>/", views.rule, name="rule"),
]
