"""The portal's pages about a shop's own servers: what they are told, what became of it, send it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import N_, DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership, Webhook
from merchants.webhook_topics import OFFERED, PAUSE_WORDS, WORDS, Pause, Topic
from merchants.webhooks import reading, subscribing
from web import respond
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate
from web.step_up import proved_recently

STATE_WORDS = {
    "all": N_("All"),
    "waiting": N_("Waiting"),
    "delivered": N_("Reached your server"),
    "given_up": N_("Given up"),
}


class WebhookForm(Form):
    """Where to, and about what."""

    url = forms.CharField(
        label=gettext_lazy("Address of your server"),
        help_text=gettext_lazy("With https and a public name, such as https://shop.example.com/anxin"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter the address of your server.")},
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What is it told?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one thing that your server is told.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(str(each), _(WORDS[each])) for each in OFFERED]
        self.fields["topics"].choices = words  # type: ignore[attr-defined]


def _owner(request: Request, slug: str) -> Membership:
    return membership_for(request.actor, slug, needs=Capability.OWNER)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def listing(request: Request, slug: str) -> HttpResponse:
    """The member's door first: who isn't the owner finds nothing, proof or not."""
    return _made(request, membership=_owner(request, slug))


@proved_recently
@sensitive_variables("secret")
def _made(request: Request, *, membership: Membership) -> HttpResponse:
    form, secret = WebhookForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        topics = [Topic(each) for each in told["topics"]]
        try:
            _hook, secret = subscribing.subscribe(
                membership=membership, url=told["url"], topics=topics, at=clock.now()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            form = WebhookForm()
    context = {
        "merchant": membership.merchant,
        "form": form,
        "secret": secret,
        "rows": [_row(each) for each in subscribing.of_shop(membership)],
    }
    return respond.page(request, "merchants/webhooks.html", context, status=422 if form.errors else 200)


def _row(hook: Webhook) -> dict[str, Any]:
    return {
        "hook": hook,
        "topics": [_(WORDS[Topic(each)]) for each in hook.topics],
        "paused": _(PAUSE_WORDS[Pause(hook.paused_because)]) if hook.paused_at else "",
    }


@never_cache
@require_safe
def show(request: Request, slug: str, webhook_id: UUID) -> HttpResponse:
    membership = _owner(request, slug)
    return _page(request, membership, subscribing.one_of(membership, webhook_id))


def _page(request: Request, membership: Membership, hook: Webhook, secret: str = "") -> HttpResponse:
    state = request.GET.get("tab", "all")
    state = state if state in STATE_WORDS else "all"
    paged = paginate(request, reading.deliveries_of(hook, state))
    context = {
        **_row(hook),
        "merchant": membership.merchant,
        "secret": secret,
        "tabs": [
            {"url": f"?tab={name}", "label": _(word), "count": None, "current": name == state}
            for name, word in STATE_WORDS.items()
        ],
        "paged": paged,
        "rows": [{"delivery": each, "state": _(STATE_WORDS[each.state])} for each in paged],
        "now": clock.now(),
    }
    return respond.page(request, "merchants/webhook.html", context)


@require_POST
@sensitive_variables("secret")
def secret(request: Request, slug: str, webhook_id: UUID) -> HttpResponse:
    return _renewed(request, membership=_owner(request, slug), webhook_id=webhook_id)


@proved_recently
@sensitive_variables("shown")
def _renewed(request: Request, *, membership: Membership, webhook_id: UUID) -> HttpResponse:
    hook, shown = subscribing.new_secret(membership=membership, webhook_id=webhook_id, at=clock.now())
    return _page(request, membership, hook, shown)


@require_POST
def pause(request: Request, slug: str, webhook_id: UUID) -> HttpResponse:
    """Pause, or with `go_on` the other way: what waits is sent again."""
    membership = _owner(request, slug)
    step = subscribing.go_on if "go_on" in request.POST else subscribing.pause
    step(membership=membership, webhook_id=webhook_id, at=clock.now())
    return respond.redirect(request, "merchants:webhook", slug, webhook_id)


@require_POST
def end(request: Request, slug: str, webhook_id: UUID) -> HttpResponse:
    """Without asking for a fresh proof: to stop telling must always be quick."""
    subscribing.end(membership=_owner(request, slug), webhook_id=webhook_id, at=clock.now())
    messages.success(request, _("Ended. Nothing is sent there any more."))
    return respond.redirect(request, "merchants:webhooks", slug)


@never_cache
@require_safe
def delivery(request: Request, slug: str, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    membership = _owner(request, slug)
    hook = subscribing.one_of(membership, webhook_id)
    found = reading.delivery_of(hook, delivery_id)
    context = {
        "merchant": membership.merchant,
        "hook": hook,
        "delivery": found,
        "state": _(STATE_WORDS[found.state]),
        "body": reading.body_shown(found),
        "calls": reading.calls_of(found),
        "now": clock.now(),
    }
    return respond.page(request, "merchants/webhook_delivery.html", context)


@require_POST
@idempotent
def again(request: Request, slug: str, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    ids = {"webhook_id": webhook_id, "delivery_id": delivery_id}
    subscribing.send_again(membership=_owner(request, slug), **ids, at=clock.now())
    return respond.redirect(request, "merchants:webhook-delivery", slug, webhook_id, delivery_id)
