"""The officers' page of master keys: which there are, what lies under each, and proposing an end."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.retiring_keys import RetireMaster
from accounts.web.staff_joint import propose
from accounts.web.staff_pages import workbench
from kernel.errors import NotFound
from privacy import rewrapping
from web import respond
from web.admin import require


@method_decorator(never_cache, name="dispatch")
class MasterKeys(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, RetireMaster.permission)
        context = {"title": gettext("Master keys"), "masters": rewrapping.masters()}
        return workbench(request, "accounts/staff/keys.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Propose to destroy one; whether it still wraps something is asked again when it is confirmed."""
        require(request, RetireMaster.permission)
        version = request.POST.get("version", "")
        known = {str(each.version): each for each in rewrapping.masters()}
        if version not in known:
            raise NotFound
        propose(request, RetireMaster(known[version].version))
        return respond.redirect(request, "staff:joint")
