"""The merchant's side: why the score is what it is, what would raise it, and replies to reviews."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views import View

from credit import access, reviews
from credit.web import presenting, telling
from credit.web.forms import NoteForm
from kernel import clock
from kernel.errors import Invalid
from merchants import access as merchants_access
from merchants.capabilities import Capability
from merchants.models import Membership
from web import respond
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate


class ShopView(View):
    """Loads the membership; not a member, or not allowed that much: not found."""

    needs = Capability.READ
    membership: Membership

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        slug = str(kwargs["slug"])
        self.membership = merchants_access.membership_for(request.actor, slug, needs=self.needs)
        return super().dispatch(request, *args, **kwargs)


class ShopCredit(ShopView):
    def get(self, request: Request, slug: str) -> HttpResponse:
        merchant, at = self.membership.merchant, clock.now()
        page = paginate(request, access.entries_of(self.membership))
        context = presenting.credit_page(merchant, at=at) | {
            "raising": presenting.raising(merchant, at=at),
            "history": presenting.history(access.gradings_of(merchant)),
            "page": page,
            "points": presenting.points(page.items, merchant, at=at),
        }
        return respond.page(request, "credit/shop_credit.html", context)


class ReviewsView(ShopView):
    def show(
        self, request: Request, *, status: int = 200, form: NoteForm | None = None, about: UUID | None = None
    ) -> HttpResponse:
        page = paginate(request, access.reviews_of_shop(self.membership))
        context = {
            "merchant": self.membership.merchant,
            "page": page,
            "reviews": telling.told(page.items),
            "may_reply": self.membership.can(Capability.ORDERS),
            "form": form or NoteForm(auto_id=False),
            "about": about,
        }
        return respond.page(request, "credit/shop_reviews.html", context, status=status)


class ShopReviews(ReviewsView):
    def get(self, request: Request, slug: str) -> HttpResponse:
        return self.show(request)


@method_decorator(idempotent, name="post")
class ShopReply(ReviewsView):
    needs = Capability.ORDERS

    def post(self, request: Request, slug: str, review_id: UUID) -> HttpResponse:
        review = access.review_of_shop(self.membership, review_id)
        form = NoteForm(request.POST, auto_id=f"{review.pk}_%s")
        if not form.is_valid():
            return self.show(request, status=422, form=form, about=review.pk)
        text, actor, at = form.cleaned_data["text"], self.membership.actor, clock.now()
        try:
            reviews.reply(review_id=review.pk, text=text, actor=actor, at=at)
        except Invalid as refusal:
            form.refuse(refusal)
            return self.show(request, status=422, form=form, about=review.pk)
        return respond.redirect(request, "credit:shop-reviews", slug=slug)
