"""Shops' entries to campaigns in the staff pages: what is asked beside what there is, accepted or refused."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog import offers
from kernel import clock
from kernel.errors import DomainError
from orders.campaigns import answering
from orders.campaigns.entering import ConditionsUnmet
from orders.entry_lifecycle import EntryState
from orders.models import CampaignEntry
from orders.web import campaign_words
from rulebook import wording
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

ANSWER = "orders.answer_entry"


class CampaignEntryAdmin(ReadOnlyAdmin):
    """What waits for an answer first, by when it is due."""

    change_form_template = "orders/admin_entry.html"
    list_display = ("campaign", "merchant", "state", "off_permille", "applied_at", "answer_by")
    list_filter = ("state", "campaign")
    list_select_related = ("campaign", "merchant")
    search_fields = ("merchant__display_name",)
    ordering = (F("decided_at").desc(nulls_first=True), "answer_by", "id")
    fields = (
        ("campaign", "merchant"),
        ("state", "off_permille"),
        ("applied_at", "answer_by"),
        ("decided_at", "reasons"),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/answer", view(require_POST(self.answer)), name="orders_campaignentry_answer"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = cast("CampaignEntry | None", self.get_object(request, object_id))
        context = {**(extra_context or {}), **(_shown(request, found) if found else {})}
        return super().change_view(request, object_id, form_url, context)

    def answer(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Accept or refuse it; the shop reads the reasons of a refusal."""
        require(request, ANSWER)
        actor, at = cast(Request, request).actor, clock.now()
        try:
            if request.POST.get("answer") == "accept":
                answering.accept(entry_id=pk, actor=actor, at=at)
            else:
                reasons = request.POST.get("reasons", "")
                answering.refuse(entry_id=pk, reasons=reasons, actor=actor, at=at)
            messages.success(request, _("Answered. The shop reads it in its portal and by letter."))
        except ConditionsUnmet as refused:
            names = campaign_words.category_names()
            for each in campaign_words.failures(refused.failed, names):
                messages.error(request, each)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        return HttpResponseRedirect(reverse("admin:orders_campaignentry_change", args=[pk]))


def _shown(request: HttpRequest, entry: CampaignEntry) -> dict[str, Any]:
    names, locale, at = campaign_words.category_names(), wording.locale(), clock.now()
    rows = entry.goods.select_related("listing__live_revision")
    return {
        "goods": [offers.title(each.listing.content, locale) for each in rows],
        "says": campaign_words.says(entry.campaign),
        "payer": campaign_words.payer(entry.campaign),
        "failures": campaign_words.failures(answering.failing_now(entry, at=at), names),
        "may_answer": entry.state == EntryState.APPLIED and request.user.has_perm(ANSWER),
    }
