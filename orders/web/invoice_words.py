"""What stands on pages about invoices, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kernel.errors import N_
from orders.invoice_states import RUNNING_STATES as RUNNING
from orders.invoice_states import InvoiceState, PaperKind, PaperState, RefusalReason
from orders.models import Invoice, InvoicePaper
from orders.web.presenting import View
from privacy.models import FileState

__all__ = ["RUNNING", "invoice_row", "paper_row", "reason_word", "state_word"]

STATES = {
    InvoiceState.WANTED: N_("Wanted: the shop is asked as soon as you have paid"),
    InvoiceState.ASKED: N_("Asked of the shop"),
    InvoiceState.ISSUED: N_("Issued"),
    InvoiceState.REFUSED: N_("Sent back by the shop"),
    InvoiceState.ENDED: N_("Taken back"),
}
KINDS = {PaperKind.INVOICE: N_("Invoice"), PaperKind.CREDIT_NOTE: N_("Credit note")}
PAPERS = {
    PaperState.DUE: N_("To be issued"),
    PaperState.ISSUED: N_("Issued"),
    PaperState.DROPPED: N_("Not needed any more"),
}
REASONS = {
    RefusalReason.TITLE_UNKNOWN: N_("The tax office's form doesn't take this name."),
    RefusalReason.NUMBER_OF_ANOTHER: N_("The tax number belongs to another name."),
}


def state_word(invoice: Invoice) -> str:
    return _(STATES[InvoiceState(invoice.state)])


def reason_word(invoice: Invoice) -> str:
    return _(REASONS[RefusalReason(invoice.refusal)]) if invoice.refusal else ""


def paper_row(paper: InvoicePaper) -> View:
    """`ready`: its file was examined and can be fetched; `locked`: the examiner put it away."""
    state = PaperState(paper.state)
    late = state is PaperState.DUE and paper.late_at is not None
    return {
        "paper": paper,
        "kind_word": _(KINDS[PaperKind(paper.kind)]),
        "state_word": _("Late") if late else _(PAPERS[state]),
        "late": late,
        "ready": paper.file is not None and paper.file.state == FileState.CLEAN,
        "locked": paper.file is not None and paper.file.state == FileState.REFUSED,
    }


def invoice_row(invoice: Invoice) -> View:
    papers = sorted(invoice.papers.all(), key=lambda paper: (paper.made_at, paper.pk))
    return {
        "invoice": invoice,
        "state_word": state_word(invoice),
        "reason": reason_word(invoice),
        "papers": [paper_row(paper) for paper in papers if paper.state != PaperState.DROPPED],
    }
