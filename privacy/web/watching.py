"""Minors and guardians: how old, who watches over whom, limits, and what waits for a yes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import DomainError, NotFound
from privacy import access, ages, consent, guardians, minors, spending, undoing_orders
from privacy.models import ConsentPurpose, GuardianLink
from privacy.web.doorkeeping import own_actor, own_subject
from privacy.web.words import BANDS
from rulebook import texts, wording
from web import respond
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent
from web.step_up import proved_recently

PAGE = "privacy/minors.html"
# What a guardian answers for a child below the age of consent.
FOR_A_CHILD = (ConsentPurpose.SENSITIVE, ConsentPurpose.ABROAD)


class AgeForm(Form):
    band = forms.ChoiceField(
        label=gettext_lazy("How old is the person of this account?"),
        choices=BANDS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose an age.")},
    )
    border_on = forms.DateField(
        label=gettext_lazy("When that changes"),
        help_text=gettext_lazy("The first day of the month after the birthday. We don't ask for a birthday."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class CodeForm(Form):
    code = forms.CharField(
        label=gettext_lazy("Code from the child"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": gettext_lazy("Enter the code that the child gave you.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class YuanForm(Form):
    yuan = forms.IntegerField(
        label=gettext_lazy("Amount in yuan"),
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Write how much you want to spend.")},
    )


@method_decorator([never_cache, login_required], name="dispatch")
class Minors(View):
    """Everything on one page; each button posts to an address of its own."""

    def get(self, request: Request) -> HttpResponse:
        return show(request)


def show(request: Request, *, status: int = 200, **forms_with_problems: Form) -> HttpResponse:
    at, subject_id = clock.now(), own_subject(request)
    text = texts.current(guardians.TEXT, at)
    band, locale = ages.band_of(subject_id), wording.locale()
    context: dict[str, Any] = {
        "band": dict(BANDS).get(band) if band else "",
        "profile": access.minor_profile(subject_id),
        "guardians": ages.guardians_of(subject_id),
        **(_own_spending(subject_id, at) if band else {}),
        "children": [_child(link, locale, at) for link in ages.children_of(subject_id)],
        "words": (text.title(locale), text.sentence(locale), text.lines(locale)),
        "age_form": AgeForm(),
        "code_form": CodeForm(initial={"version": text.version}),
        "spend_form": YuanForm(prefix="ask"),
        "now": at,
        **forms_with_problems,
    }
    return respond.page(request, PAGE, context, status=status)


def _own_spending(subject_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "guardian_first": spending.waits_for_guardian(subject_id, at=at),
        "limit": spending.limit_of(subject_id, at=at) // 100,
        "waiting": spending.open_of(subject_id, at=at),
        "latest": spending.latest_of(subject_id),
    }


@require_POST
@proved_recently
@idempotent
def age(request: Request) -> HttpResponse:
    """Say or change one's own age, or as a guardian the child's (`child` names the link)."""
    form = AgeForm(request.POST)
    if not form.is_valid():
        return show(request, status=422, age_form=form)
    child = request.POST.get("child", "")
    minor_id = _link(request, child).minor_id if child else own_subject(request)
    band, border_on = form.cleaned_data["band"], form.cleaned_data["border_on"]
    try:
        _declare(request, minor_id, band, border_on)
    except DomainError as refusal:
        form.refuse(refusal)
        return show(request, status=refusal.status, age_form=form)
    messages.success(request, gettext("Saved."))
    return respond.redirect(request, "privacy:minors")


@require_POST
@proved_recently
def invitation(request: Request) -> HttpResponse:
    """The code is shown once, on the answer itself."""
    _, code = guardians.invite(minor_id=own_subject(request), actor=own_actor(request), at=clock.now())
    return respond.page(request, "privacy/invitation.html", {"code": f"{code[:5]}-{code[5:]}"})


@require_POST
@proved_recently
@idempotent
def joining(request: Request) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return show(request, status=422, code_form=form)
    try:
        guardians.accept(
            code=form.cleaned_data["code"],
            guardian_id=own_subject(request),
            version=form.cleaned_data["version"],
            language=wording.locale(),
            actor=own_actor(request),
            at=clock.now(),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return show(request, status=refusal.status, code_form=form)
    return respond.redirect(request, "privacy:minors")


@require_POST
@proved_recently
@idempotent
def link_step(request: Request, link_id: UUID, step: str) -> HttpResponse:
    """What a guardian does for one child: set the limit, answer a consent, leave."""
    link, actor, at = _link(request, str(link_id)), own_actor(request), clock.now()
    if step == "limit":
        form = YuanForm(request.POST)
        if not form.is_valid():
            return show(request, status=422, limit_form=form)
        fen = form.cleaned_data["yuan"] * 100
        guardians.set_limit(link_id=link.pk, limit_minor=fen, actor=actor, at=at)
    elif step == "consent":
        _answer_for(request, link)
    elif step == "end":
        guardians.end(link_id=link.pk, actor=actor, at=at)
    else:
        raise NotFound
    return respond.redirect(request, "privacy:minors")


class UndoForm(Form):
    number = forms.CharField(
        label=gettext_lazy("Number of the order"),
        max_length=20,
        error_messages={"required": gettext_lazy("Write the order's number.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why, in your own words"),
        help_text=gettext_lazy("You need no reason; it helps us to see how the order came about. Sealed."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@method_decorator([never_cache, login_required], name="dispatch")
class Undoing(View):
    """A guardian has an order of their child undone."""

    def get(self, request: Request, link_id: UUID) -> HttpResponse:
        return self._page(request, _link(request, str(link_id)), UndoForm())

    @method_decorator([proved_recently, idempotent])
    def post(self, request: Request, link_id: UUID) -> HttpResponse:
        link, form = _link(request, str(link_id)), UndoForm(request.POST)
        if not form.is_valid():
            return self._page(request, link, form, 422)
        actor = own_actor(request)
        try:
            made = undoing_orders.ask(link_id=link.pk, **form.cleaned_data, actor=actor, at=clock.now())
        except DomainError as refusal:
            form.refuse(refusal)
            return self._page(request, link, form, refusal.status)
        return respond.redirect(request, "privacy:request", made.number)

    def _page(self, request: Request, link: GuardianLink, form: Form, status: int = 200) -> HttpResponse:
        context = {"form": form, "link": link, "now": clock.now()}
        return respond.page(request, "privacy/undoing.html", context, status=status)


@require_POST
@proved_recently
@idempotent
def spending_question(request: Request) -> HttpResponse:
    form = YuanForm(request.POST, prefix="ask")
    if not form.is_valid():
        return show(request, status=422, spend_form=form)
    fen = form.cleaned_data["yuan"] * 100
    try:
        spending.ask(
            minor_id=own_subject(request), amount_minor=fen, actor=own_actor(request), at=clock.now()
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return show(request, status=refusal.status, spend_form=form)
    return respond.redirect(request, "privacy:minors")


@require_POST
@proved_recently
@idempotent
def spending_answer(request: Request, spending_id: UUID) -> HttpResponse:
    agree = request.POST.get("answer") == "agree"
    spending.answer(request_id=spending_id, agree=agree, actor=own_actor(request), at=clock.now())
    return respond.redirect(request, "privacy:minors")


def _declare(request: Request, minor_id: UUID, band: str, border_on: date | None) -> None:
    minors.declare(
        subject_id=minor_id, band=band, border_on=border_on, actor=own_actor(request), at=clock.now()
    )


def _answer_for(request: Request, link: GuardianLink) -> None:
    purpose = request.POST.get("purpose", "")
    if purpose not in FOR_A_CHILD:
        raise NotFound
    version = request.POST.get("version", "")
    consent.answer(
        subject_id=link.minor_id,
        purpose=ConsentPurpose(purpose),
        agree=request.POST.get("answer") == "agree",
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 6 else 0,
        language=wording.locale(),
        actor=own_actor(request),
        at=clock.now(),
    )


def _link(request: Request, text: str) -> GuardianLink:
    """:raises NotFound: unless this person watches over that child"""
    found = [each for each in ages.children_of(own_subject(request)) if str(each.pk) == text]
    if not found:
        raise NotFound
    return found[0]


def _child(link: GuardianLink, locale: str, at: Any) -> dict[str, Any]:
    band = ages.band_of(link.minor_id)
    guarded = ages.needs_guardian(link.minor_id, at=at)
    held = consent.standings(subject_id=link.minor_id, at=at) if guarded else []
    fen = link.order_limit_minor
    told = {"yuan": fen // 100} if fen is not None else {}
    return {
        "link": link,
        "band": dict(BANDS).get(band) if band else "",
        "limit_form": YuanForm(initial=told, auto_id=f"l{link.pk}_%s"),
        "asked": spending.open_of(link.minor_id, at=at),
        "consents": [(each, each.text.title(locale)) for each in held if each.purpose in FOR_A_CHILD],
    }
