"""A shop's money: what it may have and when, what holds it, every payout, and the account that it goes to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import DomainError, Invalid
from kernel.money import EXPONENTS
from merchants import changing_account
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from payments import access
from payments.deposits import shown as deposits_shown
from payments.lifecycle import PayoutState
from payments.models import Payout
from payments.paying_out import asked, shown
from payments.web.account_form import AccountForm
from privacy.access_record import record_export
from web.errors import sentence
from web.export import csv_response
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate
from web.respond import page, redirect
from web.step_up import proved_recently

MOST_IN_FILE = 5000


@never_cache
@require_safe
def money(request: Request, slug: str) -> HttpResponse:
    """The state filter and the file follow what is shown."""
    membership = membership_for(request.actor, slug, needs=Capability.FINANCE)
    state = request.GET.get("state", "")
    found = access.payouts_of(membership, state=state)
    if request.GET.get("format") == "csv":
        return _file(membership, list(found[:MOST_IN_FILE]))
    paged = paginate(request, found)
    context = {
        **_shown(membership),
        "paged": paged,
        "rows": [_row(one) for one in paged],
        "states": [(str(key), _(words)) for key, words in shown.STATE_WORDS.items()],
        "state": state,
    }
    return page(request, "payments/shop_money.html", context, fragment="rows")


def _shown(membership: Membership) -> dict[str, object]:
    at = clock.now()
    held = shown.money_of(membership.merchant, at=at)
    return {
        "merchant": membership.merchant,
        "money": held,
        "deposits": deposits_shown.of_shop(membership.merchant_id),
        "upcoming": [_upcoming(one) for one in held.upcoming],
        "is_owner": membership.can(Capability.OWNER),
        "now": at,
    }


def _upcoming(one: shown.Upcoming) -> dict[str, object]:
    return {
        "one": one,
        "waits": sentence(one.waits()) if one.waits else "",
        "refusal": sentence(one.refusal) if one.refusal else "",
    }


def _row(payout: Payout) -> dict[str, object]:
    why = shown.why_held(payout)
    return {
        "payout": payout,
        "state": _(shown.STATE_WORDS[PayoutState(payout.state)]),
        "why": _(why.message) if why else "",
    }


def _file(membership: Membership, held: list[Payout]) -> HttpResponse:
    number = record_export(
        actor=membership.actor,
        what="payments.payouts",
        rows=len(held),
        subject_ids=(),
        fields=(),
        at=clock.now(),
    )
    header = [_("Number"), _("Ordered"), _("State"), _("Sum"), _("Currency"), _("Ended"), _("Reason")]
    rows = (
        [one.pk, one.requested_at.isoformat(timespec="minutes"), one.state,
         one.amount.decimal_text, one.currency,
         one.settled_at.isoformat(timespec="minutes") if one.settled_at else "", one.reason]
        for one in held
    )  # fmt: skip
    return csv_response("payouts", header, rows, number=number)


@require_POST
def payout(request: Request, slug: str) -> HttpResponse:
    """The member's door first: who may not move money finds nothing, proof or not."""
    membership = membership_for(request.actor, slug, needs=Capability.FINANCE)
    return _paid_now(request, membership=membership)


@proved_recently
@idempotent
def _paid_now(request: Request, *, membership: Membership) -> HttpResponse:
    currency = request.POST.get("currency", "CNY")
    try:
        made = asked.pay_now(
            merchant_id=membership.merchant_id,
            currency=currency if currency in EXPONENTS else "CNY",
            actor=membership.actor,
            at=clock.now(),
        )
    except DomainError as refused:
        messages.error(request, sentence(refused))
    else:
        why = shown.why_held(made)
        messages.success(
            request, _(why.message) if why else _("Ordered. This page says when it has arrived.")
        )
    return redirect(request, "payments:merchant-money", membership.merchant.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("holder", "number")
def account(request: Request, slug: str) -> HttpResponse:
    """Only the owner says where the money goes."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    return _account(request, membership=membership)


@proved_recently
@sensitive_variables("form")
def _account(request: Request, *, membership: Membership) -> HttpResponse:
    form = AccountForm(request.POST or None, initial={"holder": membership.merchant.legal_name})
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, membership, form)
        except Invalid as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Changed. Every owner of the shop has a letter about it."))
            return redirect(request, "payments:merchant-money", membership.merchant.slug)
    context = {**_shown(membership), "form": form}
    return page(request, "payments/shop_account.html", context, status=422 if form.errors else 200)


@sensitive_variables("form", "given")
def _change(request: Request, membership: Membership, form: AccountForm) -> None:
    given = form.cleaned_data
    changing_account.change(
        merchant_id=membership.merchant_id,
        answers={name: given[name] for name in ("channel", "holder", "bank", "number")},
        path=request.path.removesuffix("account/"),
        actor=membership.actor,
        at=clock.now(),
    )
