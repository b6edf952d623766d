"""The buyer's side: reviewing a line of an order, and adding to it once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views import View

from accounts.mandate_scopes import NONE
from credit import access, reviews
from credit.models import Review
from credit.web import telling
from credit.web.forms import NoteForm, ReviewForm
from kernel import clock
from kernel.actor import Actor
from kernel.errors import Invalid, NotFound
from orders import access as orders_access
from orders.models import Order, OrderLine
from web import respond
from web.http import Request
from web.idempotency import idempotent


class LineView(View):
    """Loads the buyer's own line; a foreign one is not found."""

    actor: Actor
    order: Order
    line: OrderLine
    review: Review | None

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        self.actor = orders_access.buyer_of(request, scope=NONE)
        self.order, self.line = access.line_for_buyer(self.actor, str(kwargs["number"]), kwargs["line_id"])
        self.review = access.review_of_line(self.line)
        return super().dispatch(request, *args, **kwargs)

    def show(self, request: Request, *, status: int = 200, **forms: Any) -> HttpResponse:
        context = {
            "order": self.order,
            "line": self.line,
            "item": self.line.title(get_language() or "zh-hans"),
            "review": telling.told([self.review])[0] if self.review else None,
            "reviewable": self.order.delivered_at is not None,
            "form": forms.get("form") or ReviewForm(),
            "note_form": forms.get("note_form") or NoteForm(),
        }
        return respond.page(request, "credit/review.html", context, status=status)

    def back(self, request: Request) -> HttpResponse:
        return respond.redirect(request, "credit:review", number=self.order.number, line_id=self.line.pk)


@method_decorator(idempotent, name="post")
class ReviewPage(LineView):
    def get(self, request: Request, number: str, line_id: UUID) -> HttpResponse:
        return self.show(request)

    def post(self, request: Request, number: str, line_id: UUID) -> HttpResponse:
        form = ReviewForm(request.POST)
        if not form.is_valid():
            return self.show(request, status=422, form=form)
        try:
            self._write(form.cleaned_data)
        except Invalid as refusal:
            form.refuse(refusal)
            return self.show(request, status=422, form=form)
        return self.back(request)

    def _write(self, given: dict[str, Any]) -> None:
        reviews.write_review(
            order_id=self.order.pk,
            line_id=self.line.pk,
            goods=given["goods"],
            description=given["description"],
            delivery=given["delivery"],
            aftersales=given["aftersales"],
            text=given["text"],
            actor=self.actor,
            at=clock.now(),
        )


@method_decorator(idempotent, name="post")
class FollowUp(LineView):
    def post(self, request: Request, number: str, line_id: UUID) -> HttpResponse:
        if self.review is None:
            raise NotFound()
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self.show(request, status=422, note_form=form)
        text, at = form.cleaned_data["text"], clock.now()
        try:
            reviews.follow_up(review_id=self.review.pk, text=text, actor=self.actor, at=at)
        except Invalid as refusal:
            form.refuse(refusal)
            return self.show(request, status=422, note_form=form)
        return self.back(request)
