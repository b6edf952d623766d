"""A shop fills its deposit: from what it has available, or through a provider on the page of any payment."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from payments.deposits import paying_in
from payments.starting import payment_url
from web.errors import sentence
from web.formats import money_text
from web.http import Request
from web.idempotency import idempotent
from web.respond import redirect


@require_POST
def pay_in(request: Request, slug: str) -> HttpResponse:
    """The member's door first."""
    membership = membership_for(request.actor, slug, needs=Capability.FINANCE)
    return _paid_in(request, membership=membership)


@idempotent
def _paid_in(request: Request, *, membership: Membership) -> HttpResponse:
    shop, actor, at = membership.merchant, membership.actor, clock.now()
    try:
        if request.POST.get("way") != "balance":
            payment = paying_in.by_provider(merchant_id=shop.pk, actor=actor, at=at)
            return redirect(request, payment_url(payment.number))
        moved = paying_in.from_balance(merchant_id=shop.pk, actor=actor, at=at)
    except DomainError as refused:
        messages.error(request, sentence(refused))
    else:
        messages.success(request, _("%(sum)s went into the deposit.") % {"sum": money_text(moved)})
    return redirect(request, "payments:merchant-money", shop.slug)
