"""Proposing what two members of staff do to an account on its owner's behalf."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts import on_behalf
from accounts.web.staff_finding import account_field, account_named
from accounts.web.staff_joint import propose
from accounts.web.staff_pages import workbench
from web import respond
from web.forms import Form


class OnBehalfForm(Form):
    step = forms.ChoiceField(label=_("What is to be done"), widget=forms.RadioSelect)
    email = account_field()

    def __init__(self, *args: Any, open_to: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["step"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, gettext(on_behalf.STEPS[kind].words)) for kind in open_to]


class OnBehalf(View):
    """Only the steps that the running session's role may propose are offered."""

    open_to: list[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        steps = on_behalf.STEPS.items()
        self.open_to = [kind for kind, step in steps if request.user.has_perm(step.permission)]
        if not self.open_to:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, OnBehalfForm(open_to=self.open_to))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = OnBehalfForm(request.POST, open_to=self.open_to)
        if not form.is_valid():
            return self._page(request, form, 422)
        user = account_named(request, form, purpose=form.cleaned_data["step"])
        if user is None:
            return self._page(request, form, 422)
        propose(request, on_behalf.STEPS[form.cleaned_data["step"]](subject_id=user.subject_id))
        return respond.redirect(request, "staff:joint")

    def _page(self, request: HttpRequest, form: OnBehalfForm, status: int = 200) -> HttpResponse:
        context = {"title": gettext("On behalf of a person"), "form": form}
        return workbench(request, "accounts/staff/appointing.html", context, status)
