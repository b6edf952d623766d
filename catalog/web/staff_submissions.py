"""The queue of submissions in the staff pages: the riskiest first, decided through the use cases."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog import reviewing, shop_names
from catalog.models import Submission
from catalog.review_clock import review_clock
from catalog.reviewing import Passage
from catalog.schema import Schema, schema_of
from catalog.screening.ruleset import rules
from catalog.screening.texts import texts_of
from catalog.submission_lifecycle import RISK_WORDS, SUBMISSION, Risk
from catalog.web import flags
from kernel import clock
from kernel.errors import DomainError, NotFound
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

STEPS = ("approve", "refuse", "ask")


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """What waits is read by risk and age; what was decided stays to look up."""

    change_form_template = "catalog/admin_submission.html"
    list_display = ("__str__", "listing", "state", "weight", "with_senior", "submitted_at", "decided_at")
    list_filter = ("state", "with_senior", "weight")
    list_select_related = ("listing",)
    search_fields = ("listing__working_title", "listing__code", "=id")
    ordering = ("-with_senior", "-weight", "submitted_at", "id")
    fields = (("listing", "state", "with_senior"), ("submitted_at", "decided_at"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        return super().get_queryset(request).defer("listing__search", "listing__draft")

    def get_urls(self) -> list[URLPattern]:
        step = self.admin_site.admin_view(require_POST(self.step))
        return [path("<uuid:pk>/step", step, name="catalog_submission_step"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = cast("Submission | None", self.get_object(request, object_id))
        context = {**(extra_context or {}), "show_save": False}
        if found is not None:
            context |= self._shown(request, found)
        return super().change_view(request, object_id, form_url, context)

    def _shown(self, request: HttpRequest, found: Submission) -> dict[str, Any]:
        """The offer as it was handed in, each text with what was found in it."""
        locale, at = get_language() or "zh-hans", clock.now()
        listing = found.listing
        schema = schema_of(listing.category.schema)
        allowed = request.user.has_perm(permission_for(found))
        return {
            "texts": _texts(found, schema, locale),
            "flags": flags.flags(found.found, found.draft, schema, locale, at),
            "risks": [_(RISK_WORDS[Risk(each)]) for each in found.risks],
            "alike": shop_names.alike(listing.merchant),
            "steps": [name for name in STEPS if allowed and SUBMISSION.allows(found.state, name)],
            "confirm": allowed and SUBMISSION.allows(found.state, "confirm"),
            "bases": sorted({rule.law for rule in rules()} | {"cn.disclosure.truthful", "cn.ads.false"}),
            "moves": found.moves.order_by("-at", "-id"),
            "clock": review_clock(found),
            "now": at,
        }

    def step(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """A refusal of the use case is shown, and nothing changed."""
        found = cast("Submission | None", self.get_object(request, str(pk)))
        require(request, permission_for(found))
        try:
            if found is None:
                raise NotFound
            _decide(cast(Request, request), found)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Decided. The merchant gets the reasons."))
        return HttpResponseRedirect(reverse("admin:catalog_submission_change", args=[pk]))


def _decide(request: Request, found: Submission) -> None:
    """:raises DomainError: as the use case says; NotFound: a step that isn't one"""
    said = request.POST
    by: dict[str, Any] = {"submission_id": found.pk, "actor": request.actor, "at": clock.now()}
    if said.get("step") == "approve":
        reviewing.approve(reason=said.get("reason", "")[:2000], **by)
        return
    about = Passage(said.get("field", "")[:40], said.get("words", "")[:200])
    turned_down = {"reason": said.get("reason", ""), "rule_id": said.get("rule_id", ""), "about": about, **by}
    if said.get("step") == "ask":
        reviewing.ask_for_change(**turned_down)
    elif said.get("step") == "refuse":
        reviewing.refuse(**turned_down)
    else:
        raise NotFound


def permission_for(found: Submission | None) -> str:
    """What nobody read in time is a senior's."""
    late = found is not None and found.with_senior
    return "catalog.decide_overdue_submission" if late else "catalog.decide_submission"


def _texts(found: Submission, schema: Schema, locale: str) -> list[dict[str, Any]]:
    """Each text under its field's name, with the places that were found in it."""
    places = [(one.field, (one.start, one.end)) for one in found.found]
    return [
        {
            "field": text.field,
            "label": flags.field_label(text.field, schema, locale),
            "shown": flags.whole(text.words, [place for field, place in places if field == text.field]),
        }
        for text in texts_of(found.draft)
    ]
