"""The staff's search for a person: exact, for a purpose, on record."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import looking_up
from accounts.looking_up import CAUSES, WAYS, By, Cause
from accounts.web.staff_pages import workbench
from kernel import clock
from kernel.errors import DomainError
from web.admin import require
from web.forms import Form
from web.http import Request

PAGE = "accounts/staff/person_search.html"
PERMISSION = "accounts.find_person"


class SearchForm(Form):
    by = forms.ChoiceField(label=_("What the person gave you"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("The whole address or number"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    cause = forms.ChoiceField(label=_("Why you search"), widget=forms.RadioSelect)
    reference = forms.CharField(
        label=_("Number of the request, order or case"),
        help_text=_("It stands beside the search in the record; the person reads that somebody searched."),
        max_length=40,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, table in (("by", WAYS), ("cause", CAUSES)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(str(key), gettext(words)) for key, words in table.items()]


@method_decorator(never_cache, name="dispatch")
class PersonSearch(View):
    """What was typed is never in an address: a form is posted and answered on the same page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, PERMISSION)
        return self._page(request, SearchForm(initial={"by": By.EMAIL, "cause": Cause.REQUEST}))

    def post(self, request: HttpRequest) -> HttpResponse:
        require(request, PERMISSION)
        form = SearchForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        given = form.cleaned_data
        try:
            found = looking_up.look_up(
                by=By(given["by"]),
                text=given["text"],
                cause=Cause(given["cause"]),
                reference=given["reference"],
                actor=cast(Request, request).actor,
                at=clock.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            return self._page(request, form, status=422)
        return self._page(request, SearchForm(), found=found)

    def _page(self, request: HttpRequest, form: SearchForm, status: int = 200, **more: Any) -> HttpResponse:
        context = {"title": gettext("Find a person"), "form": form, **more}
        return workbench(request, PAGE, context, status)
