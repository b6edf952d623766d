"""The money desk's queue of payouts: what waits for us first, what came back, and what each needs."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.web.staff_joint import propose
from kernel import clock
from kernel.errors import DomainError
from payments.models import Payout, PayoutRun
from payments.paying_out import releasing, shown
from payments.paying_out.holds import Hold
from payments.paying_out.releasing import COMPARE, ReleasePayout
from payments.web import by_hand_desk
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request


@admin.register(Payout)
class PayoutAdmin(ReadOnlyAdmin):
    """Payouts; large ones and those by hand take two people, and so do advances from the fund."""

    change_form_template = "payments/admin_payout.html"
    list_display = ("requested_at", "merchant_id", "amount", "state", "hold", "reason", "settled_at")
    list_filter = ("state", "hold", "kind", "provider")
    search_fields = ("=merchant_id",)
    # What waits or is on its way stands first, the oldest before the others.
    ordering = ("settled_at", "requested_at", "id")
    fields = (
        ("merchant_id", "kind", "run"),
        ("amount_minor", "currency", "provider"),
        ("state", "hold", "held_until", "reason"),
        ("second_person", "act_id"),
        ("requested_at", "settled_at"),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("by-hand/", view(by_hand_desk.ByHand.as_view()), name="payments_pay_out"),
            path("advance/", view(by_hand_desk.ByHand.as_view(advance=True)), name="payments_advance"),
            path("<uuid:pk>/release", view(require_POST(self.release)), name="payments_payout_release"),
            path("<uuid:pk>/account", view(require_POST(self.compare)), name="payments_payout_account"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held = cast(Payout | None, self.get_object(request, object_id))
        hold = held.hold if held else ""
        why = shown.why_held(held) if held else None
        context = {
            **(extra_context or {}),
            "why": _(why.message) if why else "",
            "calls": shown.calls_of(held) if held else [],
            "may_release": hold == Hold.LARGE and request.user.has_perm(ReleasePayout.permission),
            "may_compare": hold == Hold.UNCONFIRMED and request.user.has_perm(COMPARE),
        }
        return super().change_view(request, object_id, form_url, context)

    def release(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Propose to let a large one go; a colleague confirms it on the page of joint steps."""
        require(request, ReleasePayout.permission)
        held = self._held(request, pk)
        return self._done(request, pk, lambda: propose(request, releasing.step_for(held)))

    def compare(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Say that the account is the shop's own; the next run pays."""
        require(request, COMPARE)
        self._held(request, pk)
        actor, at = cast(Request, request).actor, clock.now()

        def do() -> None:
            releasing.compare_account(payout_id=pk, actor=actor, at=at)
            messages.success(request, _("Confirmed. The shop is paid in its next turn."))

        return self._done(request, pk, do)

    def _held(self, request: HttpRequest, pk: UUID) -> Payout:
        held = self.get_object(request, str(pk))
        if held is None:
            raise Http404
        return cast(Payout, held)

    def _done(self, request: HttpRequest, pk: UUID, do: Any) -> HttpResponse:
        try:
            do()
        except DomainError as refused:
            messages.error(request, sentence(refused))
        return HttpResponseRedirect(reverse("admin:payments_payout_change", args=[pk]))


@admin.register(PayoutRun)
class PayoutRunAdmin(ReadOnlyAdmin):
    """When each day's run began and ended; one without an end is still going on."""

    list_display = ("day", "begun_at", "ended_at")
    ordering = ("-day",)
