"""The doors Take away, Change and Delete: what each does, and the one button that asks for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.errors import NotFound
from privacy import access, deadlines, obstacles, requests, subjects
from privacy.places import COUNTRIES
from privacy.states import COPYING, RequestKind
from privacy.web.asking import shown
from privacy.web.doorkeeping import identity_of, known_person, own_actor, own_subject, sure_person
from privacy.web.seeing import kept
from rulebook import policies
from web import respond
from web.countries import country_names
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent

ENDINGS = {"data": RequestKind.ERASE, "account": RequestKind.CLOSE}


@method_decorator([never_cache, known_person], name="dispatch")
class TakeAway(View):
    """A copy to read, or one that another platform can read: the same file holds both."""

    def get(self, request: Request) -> HttpResponse:
        asked = requests.of_subject(own_subject(request))
        held = [shown(each) for each in asked if each.kind in COPYING]
        return respond.page(request, "privacy/copy.html", {"requests": held, "now": clock.now()})

    @method_decorator([sure_person, idempotent])
    def post(self, request: Request) -> HttpResponse:
        made = requests.ask(
            subject_id=own_subject(request),
            kind=RequestKind.COPY,
            identity=identity_of(request),
            actor=own_actor(request),
            at=clock.now(),
        )
        return respond.redirect(request, "privacy:request", made.number)


class PlaceForm(Form):
    """Whose law protects the person."""

    place = forms.ChoiceField(
        label=gettext_lazy("The country you live in"),
        help_text=gettext_lazy("Its law sets how soon we answer you. Requests that run already keep theirs."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = country_names(get_language() or "zh-hans", COUNTRIES)
        self.fields["place"].choices = names  # type: ignore[attr-defined]


@method_decorator([never_cache, known_person], name="dispatch")
class Change(View):
    def get(self, request: Request) -> HttpResponse:
        place = access.subject(own_subject(request)).place
        return respond.page(request, "privacy/change.html", {"form": PlaceForm(initial={"place": place})})

    def post(self, request: Request) -> HttpResponse:
        form = PlaceForm(request.POST)
        if not form.is_valid():
            return respond.page(request, "privacy/change.html", {"form": form}, status=422)
        actor = own_actor(request)
        subjects.change_place(
            subject_id=own_subject(request), place=form.cleaned_data["place"], actor=actor, at=clock.now()
        )
        messages.success(request, gettext("Saved."))
        return respond.redirect(request, "privacy:change")


@never_cache
@known_person
@require_safe
def delete(request: Request) -> HttpResponse:
    """What goes, what has to stay by law and until when, what is in the way now."""
    subject_id = own_subject(request)
    asked = [shown(each) for each in requests.of_subject(subject_id) if each.is_running]
    context = {
        "running": [each for each in asked if each["erases"]],
        "obstacles": [(_words(each), each.path) for each in obstacles.of(subject_id)],
        "kept": kept(),
        "account": request.user.is_authenticated,
        "days": _days_to_think(),
        "now": clock.now(),
    }
    return respond.page(request, "privacy/delete.html", context)


@method_decorator([never_cache, sure_person], name="dispatch")
class Ending(View):
    """The page before it, with the way back first; then the request."""

    def get(self, request: Request, what: str) -> HttpResponse:
        if what not in ENDINGS:
            raise NotFound
        waits = not deadlines.closes_at_once(own_subject(request), at=clock.now())
        context = {"what": what, "days": _days_to_think(), "waits": waits}
        return respond.page(request, "privacy/ending.html", context)

    @method_decorator(idempotent)
    def post(self, request: Request, what: str) -> HttpResponse:
        if what not in ENDINGS:
            raise NotFound
        made = requests.ask(
            subject_id=own_subject(request),
            kind=ENDINGS[what],
            identity=identity_of(request),
            actor=own_actor(request),
            at=clock.now(),
        )
        return respond.redirect(request, "privacy:request", made.number)


def _days_to_think() -> int:
    length: dict[str, int] = policies.value(deadlines.TO_THINK, clock.now())["length"]
    return length["n"]


def _words(obstacle: obstacles.Obstacle) -> str:
    said = gettext(obstacle.message)
    return said % obstacle.params if obstacle.params else said
