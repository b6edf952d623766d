"""A mandate on paper: one member of staff reads it in, another one compares it with the paper."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views import View

from accounts import mandates
from accounts.models import User
from accounts.web.mandate_forms import PaperForm, end_of
from accounts.web.staff_finding import account_named
from accounts.web.staff_joint import propose
from accounts.web.staff_pages import workbench
from kernel import clock
from kernel.errors import DomainError
from privacy import files
from web import respond
from web.admin import require
from web.http import Request

PERMISSION = "accounts.enter_mandate"


class Paper(View):
    """Both people need an account; the paper is sealed under the key of the one who gives the mandate."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, PERMISSION)
        return self._page(request, PaperForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        require(request, PERMISSION)
        form = PaperForm(request.POST, request.FILES)
        people = _people(request, form) if form.is_valid() else {}
        if not form.is_valid() or None in people.values():
            return self._page(request, form, 422)
        try:
            step = _step(request, form, cast(dict[str, User], people))
        except DomainError as refused:
            form.add_error("document", str(refused))
            return self._page(request, form, 422)
        propose(request, step)
        return respond.redirect(request, "staff:joint")

    def _page(self, request: HttpRequest, form: PaperForm, status: int = 200) -> HttpResponse:
        context = {"title": gettext("Enter a mandate from paper"), "form": form}
        return workbench(request, "accounts/staff/paper.html", context, status)


def _people(request: HttpRequest, form: PaperForm) -> dict[str, User | None]:
    return {
        name: account_named(request, form, purpose=PERMISSION, field=name) for name in ("principal", "proxy")
    }


def _step(request: HttpRequest, form: PaperForm, people: dict[str, User]) -> mandates.EnterMandate:
    given = form.cleaned_data
    document = files.receive(
        subject_id=people["principal"].subject_id,
        upload=given["document"],
        purpose="accounts.mandate",
        actor=cast(Request, request).actor,
        at=clock.now(),
    )
    return mandates.EnterMandate(
        principal_id=people["principal"].subject_id,
        proxy_id=people["proxy"].subject_id,
        scopes=",".join(sorted(given["scopes"])),
        kinship=given["kinship"],
        ends_at=end_of(given["until"]),
        document_id=document.pk,
    )
