"""Signing out: the browser forgets the pages that it kept, too."""

from __future__ import annotations

from allauth.account import views
from django.http import HttpRequest, HttpResponse


def sign_out(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = views.logout(request)
    if request.method == "POST":
        answer["Clear-Site-Data"] = '"cache"'
    return answer
