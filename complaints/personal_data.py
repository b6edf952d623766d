"""What personal data this app holds, why, and how long."""

from __future__ import annotations

FIELDS = {
    "complaints.Complaint.subject_id": "whose case it is; pseudonymous; kept as cn.trade.retention says",
    "complaints.Statement.text": "what was said in a case; sealed under its author's key; cn.trade.retention",
    "complaints.Decision.facts": "what the platform found; sealed under the buyer's key; cn.trade.retention",
    "complaints.Decision.reasons": "why it decided so; sealed under the buyer's key; cn.trade.retention",
    "complaints.ComplaintDraft.story": "a draft that was not filed; sealed; removed when it is filed",
}
