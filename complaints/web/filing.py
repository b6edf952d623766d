"""Filing in three pages: what happened, evidence, check; every step is a plain form and is kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from accounts.mandate_scopes import Scope
from complaints import deadlines, drafts, limits
from complaints.grounds import GROUNDS, WISHES
from complaints.models import ComplaintDraft
from complaints.web.forms import EvidenceForm, StoryForm
from kernel import clock
from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.money import Money
from orders import access as orders_access
from orders.models import Order
from web import respond
from web.errors import sentence
from web.http import Request
from web.idempotency import idempotent


class FilingView(View):
    """Loads the buyer's own order and draft; a foreign order is not found."""

    actor: Actor
    order: Order
    draft: ComplaintDraft | None

    def setup(self, request: Request, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        super().setup(request, *args, **kwargs)
        self.number = str(kwargs["number"])

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        self.actor = orders_access.buyer_of(request, scope=Scope.COMPLAINTS)
        self.order = orders_access.order_for_buyer(self.actor, self.number)
        limits.require_complainable(self.order, at=clock.now())
        self.draft = drafts.draft_of(order=self.order, actor=self.actor)
        return super().dispatch(request, *args, **kwargs)

    def page(self, request: Request, template: str, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"order": self.order, "draft": self.draft}
        return respond.page(request, f"complaints/{template}.html", context, status=status)


class Story(FilingView):
    def get(self, request: Request, number: str) -> HttpResponse:
        told = drafts.story_of(self.draft)
        lines = [str(line.pk) for line in self.order.lines.all()]
        initial = {**told, "line_id": told.get("line_id", lines[0] if len(lines) == 1 else None)}
        if told.get("asked_minor"):
            initial["asked"] = Money(int(told["asked_minor"])).decimal_text
        initial.setdefault("category", request.GET.get("category", ""))
        return self.page(request, "file_story", form=StoryForm(self.order, initial=initial))

    def post(self, request: Request, number: str) -> HttpResponse:
        form = StoryForm(self.order, request.POST)
        if not form.is_valid():
            return self.page(request, "file_story", status=422, form=form)
        drafts.keep_story(order_id=self.order.pk, told=form.told(), actor=self.actor, at=clock.now())
        return respond.redirect(request, "complaints:file-evidence", number=number)


class Evidence(FilingView):
    def get(self, request: Request, number: str) -> HttpResponse:
        return self.page(request, "file_evidence", form=EvidenceForm(), files=drafts.files_of(self.draft))

    def post(self, request: Request, number: str) -> HttpResponse:
        uploads = request.FILES.getlist("files")
        try:
            drafts.keep_files(order_id=self.order.pk, uploads=uploads, actor=self.actor, at=clock.now())
        except Invalid as refusal:
            files = drafts.files_of(self.draft)
            errors = [sentence(refusal)]
            return self.page(
                request, "file_evidence", status=422, form=EvidenceForm(), files=files, errors=errors
            )
        more = "more" in request.POST
        return respond.redirect(
            request, "complaints:file-evidence" if more else "complaints:file-check", number=number
        )


class DropFile(FilingView):
    def post(self, request: Request, number: str, file_id: UUID) -> HttpResponse:
        drafts.drop_file(order_id=self.order.pk, file_id=file_id, actor=self.actor, at=clock.now())
        return respond.redirect(request, "complaints:file-evidence", number=number)


@method_decorator(idempotent, name="post")
class Check(FilingView):
    def get(self, request: Request, number: str) -> HttpResponse:
        told = drafts.story_of(self.draft)
        if not told.get("category"):
            return respond.redirect(request, "complaints:file-story", number=number)
        window = deadlines.answer_window(at=clock.now(), place=self.order.place)
        return self.page(
            request, "file_check", answer_by=window.due_at, **_summary(self.order, self.draft, told)
        )

    def post(self, request: Request, number: str) -> HttpResponse:
        complaint = drafts.file_draft(order_id=self.order.pk, actor=self.actor, at=clock.now())
        return respond.redirect(request, reverse("complaints:case", args=[complaint.number]) + "?filed=1")


def _summary(order: Order, draft: ComplaintDraft | None, told: dict[str, str]) -> dict[str, Any]:
    story = drafts.as_story(told)
    category, wish = limits.require_choice(story.category, story.wish)
    line = next((one for one in order.lines.all() if one.pk == story.line_id), None)
    claimed = limits.claim_of(wish, story.asked, limits.most_claimable(order, line))
    return {
        "ground": GROUNDS[category],
        "wish": WISHES[wish],
        "claimed": claimed,
        "line": line,
        "text": story.text,
        "files": drafts.files_of(draft),
    }
