"""Staff look at merchants and decide, with reasons, through the use cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import N_, DomainError
from merchants import access, onboarding, rechecking, standing
from merchants.lifecycle import MERCHANT
from merchants.models import Application, Document, IdentityChange, Membership, Merchant, MerchantMove
from merchants.web import staff_recheck
from merchants.web.appeal_admin import AppealAdmin as AppealAdmin
from merchants.web.inspection_admin import InspectionAdmin as InspectionAdmin
from merchants.web.inspection_admin import InspectionPlanAdmin as InspectionPlanAdmin
from merchants.web.penalty_admin import PenaltyAdmin as PenaltyAdmin
from merchants.web.staff_applications import ApplicationAdmin
from merchants.web.staff_documents import CHECK, DocumentAdmin
from merchants.web.staff_identity import IdentityChangeAdmin
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

admin.site.register(Application, ApplicationAdmin)
admin.site.register(Document, DocumentAdmin)
admin.site.register(IdentityChange, IdentityChangeAdmin)

# Taking a shop off sale is a penalty: two people stand behind it, and the shop is heard. Whoever applied
# before there were tasks and documents is told to apply again; nobody is admitted without them.
DECISIONS: dict[str, tuple[str, Callable[..., Merchant]]] = {
    "refuse": (N_("Turn the application down"), onboarding.refuse),
    "restrict": (N_("Restrict: nothing new on sale"), standing.restrict),
    "restore": (N_("Restore the shop"), standing.restore),
}
WITHOUT_RULE = {"refuse"}


def permission_for(decision: str) -> str:
    """Admission and standing are two tasks; a word that is neither asks for the stricter one."""
    return f"merchants.{'decide_application' if decision in WITHOUT_RULE else 'change_standing'}"


def _open_to(merchant: Merchant, decision: str) -> bool:
    """What was handed in task by task is decided on its own page."""
    if decision in WITHOUT_RULE and access.has_application(merchant):
        return False
    return MERCHANT.allows(merchant.state, decision)


@admin.register(Merchant)
class MerchantAdmin(ReadOnlyAdmin):
    """The queue of applications first; what was decided stays below."""

    change_form_template = "merchants/admin_merchant.html"
    list_display = ("display_name", "legal_name", "state", "grade", "applied_at", "since")
    list_filter = ("state", "grade", "kind")
    search_fields = ("display_name", "legal_name", "licence_number", "slug")
    ordering = ("-applied_at", "id")
    fields = (
        ("display_name", "slug", "state"),
        ("legal_name", "kind", "place"),
        ("licence_number", "licence_valid_until", "verified_at"),
        ("address_public", "contact_public"),
        ("applied_at", "since"),
        ("grade", "score_permille", "payout_delay_days", "grade_rule_id", "grade_since"),
    )

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        compared = self.admin_site.admin_view(require_POST(self.compared))
        own = [
            path("<uuid:pk>/decision", decide, name="merchants_merchant_decide"),
            path("<uuid:pk>/compared", compared, name="merchants_merchant_compared"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        merchant = self.get_object(request, object_id)
        found = [
            {"name": name, "words": _(words)}
            for name, (words, _step) in DECISIONS.items()
            if merchant is not None
            and _open_to(merchant, name)
            and request.user.has_perm(permission_for(name))
        ]
        moves = MerchantMove.objects.filter(merchant=merchant).order_by("-at", "-id")
        looked = staff_recheck.part(merchant, request) if merchant is not None else {}
        context = {**(extra_context or {}), **looked, "decisions": found, "moves": moves, "show_save": False}
        return super().change_view(request, object_id, form_url, context)

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take a decision; a refusal of the use case is shown, and nothing changed."""
        name, reason = request.POST.get("decision", ""), request.POST.get("reason", "")
        require(request, permission_for(name))
        rule = {} if name in WITHOUT_RULE else {"rule_id": request.POST.get("rule_id", "")[:80]}
        merchant = Merchant.objects.get_or_not_found(pk=pk)
        try:
            if not _open_to(merchant, name):
                raise KeyError(name)
            _words, step = DECISIONS[name]
            step(merchant_id=pk, reason=reason, actor=cast(Request, request).actor, at=clock.now(), **rule)
        except KeyError:
            messages.error(request, _("Choose a decision."))
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Decided. The merchant gets the reasons."))
        return HttpResponseRedirect(reverse("admin:merchants_merchant_change", args=[pk]))

    def compared(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Where no register could be asked: staff say with what they compared the identity."""
        require(request, CHECK)
        actor, reason = cast(Request, request).actor, request.POST.get("reason", "")
        try:
            rechecking.pass_by_hand(merchant_id=pk, reason=reason, actor=actor, at=clock.now())
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Checked for another half year."))
        return HttpResponseRedirect(reverse("admin:merchants_merchant_change", args=[pk]))


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("merchant", "capabilities", "since", "ended_at")
    list_select_related = ("merchant",)
    fields = ("merchant", "subject_id", "capabilities", "since", "ended_at")
    ordering = ("-since", "id")
