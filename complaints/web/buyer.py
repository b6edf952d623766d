"""The buyer's cases: the list, the one page of a case, and the choices in it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from accounts.mandate_scopes import Scope
from complaints import access, negotiating, performing, saying
from complaints.lifecycle import Seat
from complaints.models import Complaint
from complaints.web import exhibits, offer_words, presenting, thread
from complaints.web.choices import CHOICES, Choice
from complaints.web.forms import SayForm
from complaints.web.offer_forms import CounterForm, ObjectionForm
from complaints.web.standing import offer_shown
from kernel import clock
from kernel.actor import Actor
from kernel.errors import Invalid, NotFound
from orders import access as orders_access
from orders.models import Order
from web import respond
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate

# Choices that begin with the buyer's words, on a page of their own.
TOLD_FIRST = {"counter": "complaints:counter", "objection": "complaints:objection"}


class CaseList(View):
    def get(self, request: Request) -> HttpResponse:
        found = access.complaints_of_buyer(_buyer(request))
        page = paginate(request, found)
        context = {"page": page, "rows": presenting.rows(page.items, clock.now())}
        return respond.page(request, "complaints/list.html", context)


def _buyer(request: Request) -> Actor:
    try:
        return orders_access.buyer_of(request, scope=Scope.COMPLAINTS)
    except NotFound:
        if request.acting:
            raise
        return Actor.anonymous()


class Start(View):
    """From elsewhere than an order: choose which order it is about."""

    def get(self, request: Request) -> HttpResponse:
        actor = _buyer(request)
        orders: list[Order] = list(
            orders_access.orders_of_buyer(actor).filter(paid_at__isnull=False).order_by("-placed_at")[:50]
        )
        return respond.page(request, "complaints/start.html", {"orders": orders})


class CaseView(View):
    """Loads the buyer's own case; a foreign one is not found."""

    actor: Actor
    complaint: Complaint

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        self.actor = orders_access.buyer_of(request, scope=Scope.COMPLAINTS)
        self.complaint = access.complaint_for_buyer(self.actor, str(kwargs["number"]))
        return super().dispatch(request, *args, **kwargs)

    def case(self, request: Request, *, status: int = 200, form: SayForm | None = None) -> HttpResponse:
        context = presenting.case(self.complaint, viewer=Seat.BUYER, now=clock.now())
        context |= {"say_form": form or SayForm(), "filed": "filed" in request.GET}
        context |= thread.of(self.complaint, viewer=Seat.BUYER, reader=self.actor, at=clock.now())
        return respond.page(request, "complaints/case.html", context, status=status)


class Case(CaseView):
    def get(self, request: Request, number: str) -> HttpResponse:
        return self.case(request)


class Statements(CaseView):
    def post(self, request: Request, number: str) -> HttpResponse:
        form = SayForm(request.POST)
        if not form.is_valid():
            return self.case(request, status=422, form=form)
        uploads = request.FILES.getlist("files")
        try:
            saying.say(
                complaint_id=self.complaint.pk,
                seat=Seat.BUYER,
                text=form.cleaned_data["text"],
                uploads=uploads,
                actor=self.actor,
                at=clock.now(),
            )
        except Invalid as refusal:
            form.refuse(refusal)
            return self.case(request, status=422, form=form)
        return respond.redirect(request, "complaints:case", number=number)


class Confirm(CaseView):
    """What a choice leads to, before it is made."""

    def get(self, request: Request, number: str) -> HttpResponse:
        if (asked := request.GET.get("choice", "")) in TOLD_FIRST:
            return respond.redirect(request, TOLD_FIRST[asked], number=number)
        choice = CHOICES.get(asked)
        if choice is None:
            return self.case(request, status=422)
        offer = negotiating.standing_offer(self.complaint)
        action = reverse("complaints:choose", args=[number, choice.key])
        if choice.key is Choice.ACCEPT and offer is not None:
            action += f"?offer={offer.pk}"
        context = {"complaint": self.complaint, "choice": choice, "action": action}
        context |= choice.explain(self.complaint, offer)
        return respond.page(request, "complaints/confirm.html", context)


@method_decorator(idempotent, name="post")
class Choose(CaseView):
    def post(self, request: Request, number: str, choice: str) -> HttpResponse:
        if choice not in CHOICES:
            raise NotFound()
        complaint_id, actor, at = self.complaint.pk, self.actor, clock.now()
        match CHOICES[choice].key:
            case Choice.ACCEPT:
                negotiating.accept_offer(
                    offer_id=offer_shown(request.GET.get("offer", "")),
                    complaint_id=complaint_id,
                    actor=actor,
                    at=at,
                )
            case Choice.CONFIRM:
                performing.confirm(complaint_id=complaint_id, actor=actor, at=at)
            case Choice.RULING:
                negotiating.ask_platform(complaint_id=complaint_id, actor=actor, at=at)
            case Choice.WITHDRAW:
                negotiating.withdraw(complaint_id=complaint_id, actor=actor, at=at)
        return respond.redirect(request, "complaints:case", number=number)


class _Told(CaseView):
    """A choice that needs words: a form of its own, and what was typed stays when it is refused."""

    form_class: type[CounterForm | ObjectionForm]
    template: str

    def get(self, request: Request, number: str) -> HttpResponse:
        return self.page(request, self.form_class())

    def page(self, request: Request, form: CounterForm | ObjectionForm, status: int = 200) -> HttpResponse:
        offer = negotiating.standing_offer(self.complaint)
        context = {
            "complaint": self.complaint,
            "form": form,
            "headline": presenting.headline(self.complaint),
            "offered": offer_words.headline(offer) if offer else "",
        }
        return respond.page(request, self.template, context, status=status)

    def post(self, request: Request, number: str) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        try:
            self.tell(form)
        except Invalid as refusal:
            form.refuse(refusal)
            return self.page(request, form, 422)
        return respond.redirect(request, "complaints:case", number=number)

    @abstractmethod
    def tell(self, form: Any) -> None:
        """Carry the choice out; a refusal that names a field is shown beside it."""


@method_decorator(idempotent, name="post")
class Counter(_Told):
    form_class = CounterForm
    template = "complaints/counter.html"

    def tell(self, form: CounterForm) -> None:
        negotiating.counter(
            complaint_id=self.complaint.pk,
            text=form.cleaned_data["text"],
            asked=form.proposal(),
            actor=self.actor,
            at=clock.now(),
        )


@method_decorator(idempotent, name="post")
class Objection(_Told):
    form_class = ObjectionForm
    template = "complaints/objection.html"

    def tell(self, form: ObjectionForm) -> None:
        performing.object_to(
            complaint_id=self.complaint.pk, text=form.cleaned_data["text"], actor=self.actor, at=clock.now()
        )


class ExhibitFile(CaseView):
    def get(self, request: Request, number: str, exhibit_id: UUID) -> HttpResponse:
        return exhibits.answer(self.complaint, exhibit_id, actor=self.actor, at=clock.now())
