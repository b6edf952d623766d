"""One's own account: name, language, and the ways to everything else."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, override
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import access
from accounts.signing_in import change_profile
from accounts.web.forms import ProfileForm
from accounts.web.language import keep_language
from kernel import clock
from web import respond

PAGE = "accounts/account.html"


@method_decorator([never_cache, login_required], name="dispatch")
class Account(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        user, locale = access.own_account(request.user)
        form = ProfileForm(initial={"display_name": user.display_name, "locale": locale})
        return respond.page(request, PAGE, {"form": form})

    def post(self, request: HttpRequest) -> HttpResponse:
        user, _ = access.own_account(request.user)
        form = ProfileForm(request.POST)
        if not form.is_valid():
            return respond.page(request, PAGE, {"form": form}, status=422)
        locale = form.cleaned_data["locale"]
        change_profile(user_id=user.pk, at=clock.now(), **form.cleaned_data)
        response = respond.redirect(request, "accounts:account")
        keep_language(response, locale, secure=request.is_secure())
        with override(locale):
            messages.success(request, gettext("Saved."))
        return response
