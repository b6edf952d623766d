"""The security desk: a page of figures, for those who may watch."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import security_desk
from accounts.web.staff_pages import workbench
from kernel import clock
from rulebook import policies
from web.admin import require

PAGE = "accounts/staff/security_desk.html"


@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    require(request, "accounts.watch_security")
    now = timezone.now()
    words = {what: gettext(said) for what, said in security_desk.WORDS.items()}
    context = {
        "title": gettext("Security desk"),
        "kinds": [(words.get(one.what, one.what), one) for one in security_desk.kinds(now=now)],
        "routes": [(words.get(one.what, one.what), one) for one in security_desk.routes(now=now)],
        "waiting": [
            (gettext(one.label), one.number, reverse(one.route) if one.route else "")
            for one in security_desk.waiting(now=now, at=clock.now())
        ],
        "limits": policies.value(security_desk.POLICY, now),
    }
    return workbench(request, PAGE, context)
