"""The merchant's side: complaints by deadline, and the answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views import View

from complaints import access, answering, performing, saying
from complaints.answering import Answer
from complaints.lifecycle import Seat
from complaints.models import Complaint
from complaints.states import ComplaintState
from complaints.web import exhibits, presenting, thread
from complaints.web.forms import SayForm
from complaints.web.offer_forms import AnswerForm, DoneForm
from complaints.web.standing import offer_shown
from kernel import clock
from kernel.actor import Actor
from kernel.errors import Invalid
from merchants import access as merchants_access
from merchants.capabilities import Capability
from merchants.models import Membership
from web import respond
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate

TABS = {
    "": None,
    "answer": [ComplaintState.OPEN, ComplaintState.COUNTERED],
    "to_do": [ComplaintState.PERFORMING],
    "negotiation": [ComplaintState.ANSWERED, ComplaintState.PERFORMED],
    "ruling": [ComplaintState.DECIDING],
    "closed": [ComplaintState.AGREED, ComplaintState.DECIDED, ComplaintState.WITHDRAWN],
}


class ShopView(View):
    """Loads the membership; not a member, or not allowed that much: not found."""

    needs = Capability.READ
    membership: Membership

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        self.membership = merchants_access.membership_for(
            request.actor, str(kwargs["slug"]), needs=self.needs
        )
        return super().dispatch(request, *args, **kwargs)

    def acting(self, request: Request) -> Actor:
        assert request.actor.subject_id is not None
        return Actor.member(request.actor.subject_id, self.membership.merchant_id)


class ShopCases(ShopView):
    def get(self, request: Request, slug: str) -> HttpResponse:
        tab = request.GET.get("tab", "")
        found = access.complaints_of_merchant(self.membership)
        states = TABS.get(tab)
        page = paginate(request, found.filter(state__in=states) if states else found)
        context = {
            "membership": self.membership,
            "merchant": self.membership.merchant,
            "page": page,
            "rows": presenting.rows(page.items, clock.now()),
            "tabs": presenting.tabs(found, TABS, tab),
        }
        return respond.page(request, "complaints/shop_list.html", context)


class ShopCaseView(ShopView):
    complaint: Complaint

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        self.membership = merchants_access.membership_for(
            request.actor, str(kwargs["slug"]), needs=self.needs
        )
        self.complaint = access.complaint_for_merchant(self.membership, str(kwargs["number"]))
        return View.dispatch(self, request, *args, **kwargs)

    def case(self, request: Request, *, status: int = 200, **forms: Any) -> HttpResponse:
        """The case's page; every time a member reads it, also with a form to correct, leaves a line."""
        access.record_reading(self.complaint, actor=self.acting(request), at=clock.now())
        context = presenting.case(self.complaint, viewer=Seat.MERCHANT, now=clock.now())
        context |= {
            "membership": self.membership,
            "merchant": self.membership.merchant,
            "form": forms.get("form") or AnswerForm(self.complaint),
            "say_form": forms.get("say_form") or SayForm(),
            "done_form": forms.get("done_form") or DoneForm(),
            **self.thread(request),
        }
        return respond.page(request, "complaints/shop_case.html", context, status=status)

    def thread(self, request: Request) -> dict[str, Any]:
        """For who works on orders: the buyer's words are theirs to read."""
        if not self.membership.can(Capability.ORDERS):
            return {}
        return thread.of(self.complaint, viewer=Seat.MERCHANT, reader=self.acting(request), at=clock.now())


class ShopCase(ShopCaseView):
    def get(self, request: Request, slug: str, number: str) -> HttpResponse:
        return self.case(request)


@method_decorator(idempotent, name="post")
class ShopAnswer(ShopCaseView):
    needs = Capability.ORDERS

    def post(self, request: Request, slug: str, number: str) -> HttpResponse:
        form = AnswerForm(self.complaint, request.POST)
        if not form.is_valid():
            return self.case(request, status=422, form=form)
        try:
            answering.answer(
                complaint_id=self.complaint.pk,
                kind=Answer(form.cleaned_data["kind"]),
                text=form.cleaned_data["text"],
                offered=form.proposal(),
                uploads=request.FILES.getlist("files"),
                actor=self.acting(request),
                at=clock.now(),
            )
        except Invalid as refusal:
            form.refuse(refusal)
            return self.case(request, status=422, form=form)
        return respond.redirect(request, "complaints:shop-case", slug=slug, number=number)


@method_decorator(idempotent, name="post")
class ShopRetraction(ShopCaseView):
    needs = Capability.ORDERS

    def post(self, request: Request, slug: str, number: str) -> HttpResponse:
        answering.retract(
            complaint_id=self.complaint.pk,
            offer_id=offer_shown(request.POST.get("offer", "")),
            actor=self.acting(request),
            at=clock.now(),
        )
        return respond.redirect(request, "complaints:shop-case", slug=slug, number=number)


@method_decorator(idempotent, name="post")
class ShopPerformance(ShopCaseView):
    needs = Capability.ORDERS

    def post(self, request: Request, slug: str, number: str) -> HttpResponse:
        form = DoneForm(request.POST)
        if not form.is_valid():
            return self.case(request, status=422, done_form=form)
        try:
            performing.perform(
                complaint_id=self.complaint.pk,
                text=form.cleaned_data["text"],
                uploads=request.FILES.getlist("files"),
                actor=self.acting(request),
                at=clock.now(),
            )
        except Invalid as refusal:
            form.refuse(refusal)
            return self.case(request, status=422, done_form=form)
        return respond.redirect(request, "complaints:shop-case", slug=slug, number=number)


class ShopStatements(ShopCaseView):
    needs = Capability.ORDERS

    def post(self, request: Request, slug: str, number: str) -> HttpResponse:
        form = SayForm(request.POST)
        uploads = request.FILES.getlist("files")
        if not form.is_valid():
            return self.case(request, status=422, say_form=form)
        complaint_id, actor, at = self.complaint.pk, self.acting(request), clock.now()
        try:
            saying.say(
                seat=Seat.MERCHANT,
                text=form.cleaned_data["text"],
                uploads=uploads,
                complaint_id=complaint_id,
                actor=actor,
                at=at,
            )
        except Invalid as refusal:
            form.refuse(refusal)
            return self.case(request, status=422, say_form=form)
        return respond.redirect(request, "complaints:shop-case", slug=slug, number=number)


class ShopExhibit(ShopCaseView):
    def get(self, request: Request, slug: str, number: str, exhibit_id: UUID) -> HttpResponse:
        return exhibits.answer(self.complaint, exhibit_id, actor=self.acting(request), at=clock.now())
