"""Why nothing that shops' servers are told is about a person."""

from __future__ import annotations

NOT_PERSONAL: dict[str, str] = {
    "merchants.Webhook.url": "an address of the shop's own servers",
    "merchants.Webhook.topics": "codes of ours",
    "merchants.Webhook.paused_because": "a code of ours",
    "merchants.WebhookEvent.name": "the name of an event",
    "merchants.WebhookEvent.number": "the number of an order, return or case, or a code of the shop's",
    "merchants.WebhookEvent.data": "ids, states, sums and instants of an event (config/webhook_facts.py)",
    "merchants.WebhookAttempt.answer": "what the shop's own server said, 200 characters at most",
}
