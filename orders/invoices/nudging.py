"""Staff remind a shop of a paper that it is late with: by hand, at most once a day, and it is on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from merchants import parties
from orders.invoice_events import InvoiceNudged
from orders.invoice_states import PaperState
from orders.lifecycle import prove
from orders.models import InvoicePaper, Order
from outbox import bus
from rulebook import policies

PAUSE = "invoices.nudge"


class PaperNotLate(DomainError):
    code = "invoice_not_late"
    message = N_("The shop isn't late with this paper, so there is nothing to remind it of.")


class NudgedLately(DomainError):
    code = "invoice_nudged_lately"
    status = 409
    message = N_("The shop was reminded on %(at)s already. Wait until %(until)s.")


@transaction.atomic
def nudge(*, paper_id: UUID, actor: Actor, at: datetime) -> InvoicePaper:
    """Remind the shop; its breach stays what it is.

    :raises NotFound: :raises PaperNotLate, NudgedLately: nothing is sent then :raises PartyMayNotAct:
    """
    found = InvoicePaper.objects.select_related("invoice").get_or_not_found(pk=paper_id)
    order = Order.objects.locked(found.invoice.order_id)
    paper = InvoicePaper.objects.locked(paper_id)
    parties.refuse_party(merchant_id=paper.merchant_id, actor=actor)
    if paper.state != PaperState.DUE or paper.late_at is None:
        raise PaperNotLate
    pause = timedelta(hours=policies.number(PAUSE, at))
    if paper.nudged_at is not None and at < paper.nudged_at + pause:
        raise NudgedLately(at=paper.nudged_at, until=paper.nudged_at + pause)
    paper.nudged_at = at
    paper.save(update_fields=["nudged_at"])
    prove(order, "orders.invoice.nudge", {"paper": str(paper.pk)}, at=at)
    bus.publish(InvoiceNudged(order.pk, order.merchant_id, order.subject_id, paper.pk), at=at)
    return paper
