"""One's requests: what was asked, where it stands, until when it is answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deadlines import booking
from kernel import clock
from privacy import complaining, deadlines, requests
from privacy.models import Request as Asked
from privacy.states import ERASING, RequestKind, RequestState
from privacy.web import words
from privacy.web.doorkeeping import identity_of, known_person, own_actor, own_subject
from rulebook import wording
from web import respond
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent

LIST, ONE = "privacy/requests.html", "privacy/request.html"
WRITTEN = (
    RequestKind.CORRECT,
    RequestKind.RESTRICT,
    RequestKind.OBJECT_AUTOMATED,
    RequestKind.OTHER,
)


class AskForm(Form):
    """What can't be done by a button."""

    kind = forms.ChoiceField(label=gettext_lazy("What do you want?"), widget=forms.RadioSelect)
    details = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy(
            "Which data, and what should become of it? Sealed; only the officer reads it."
        ),
        max_length=requests.WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write what it is about.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        field.choices = [(str(kind), gettext(words.KINDS[kind])) for kind in WRITTEN]  # type: ignore[attr-defined]
        field.error_messages["required"] = gettext("Choose what you want.")


@method_decorator([never_cache, known_person], name="dispatch")
class Requests(View):
    def get(self, request: Request) -> HttpResponse:
        asked = request.GET.get("kind", "")
        form = AskForm(initial={"kind": asked, "details": request.GET.get("about", "")[:200]})
        return self._page(request, form)

    @method_decorator(idempotent)
    def post(self, request: Request) -> HttpResponse:
        form = AskForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        made = requests.ask(
            subject_id=own_subject(request),
            kind=RequestKind(form.cleaned_data["kind"]),
            details=form.cleaned_data["details"],
            identity=identity_of(request),
            actor=own_actor(request),
            at=clock.now(),
        )
        return respond.redirect(request, "privacy:request", made.number)

    def _page(self, request: Request, form: AskForm, status: int = 200) -> HttpResponse:
        held = [shown(each) for each in requests.of_subject(own_subject(request))]
        context = {"requests": held, "form": form, "now": clock.now()}
        return respond.page(request, LIST, context, status=status)


@never_cache
@require_safe
def one_request(request: Request, number: str) -> HttpResponse:
    asked = requests.one_of(subject_id=own_subject(request), number=number)
    steps = [(gettext(words.STEPS.get(each.name, each.name)), each.at) for each in asked.moves.order_by("id")]
    context = {**shown(asked), "steps": steps, "now": clock.now()}
    return respond.page(request, ONE, context)


@require_POST
@idempotent
def withdrawal(request: Request, number: str) -> HttpResponse:
    asked = requests.one_of(subject_id=own_subject(request), number=number)
    requests.withdraw(request_id=asked.pk, actor=own_actor(request), at=clock.now())
    return respond.redirect(request, "privacy:request", number)


def shown(asked: Asked) -> dict[str, Any]:
    """A request in words, with its running deadlines."""
    copy = getattr(asked, "copy", None)
    return {
        "asked": asked,
        "kind": gettext(words.KINDS[RequestKind(asked.kind)]),
        "state": gettext(words.STATES[RequestState(asked.state)]),
        "answer_by": booking.find(kind=deadlines.ANSWER, reference=asked.pk),
        "thinking": booking.find(kind=deadlines.COOLING_OFF, reference=asked.pk),
        "copy": copy,
        "copy_state": gettext(words.COPY_STATES[copy.state]) if copy else "",
        "erases": asked.kind in ERASING,
        "where": complaining.where(asked.place, locale=wording.locale(), at=clock.now()),
    }
