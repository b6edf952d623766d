"""Letters about grades to the shop, about replies to the buyer; texts in templates/letters/credit/."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from credit import explaining, standards
from credit.events import GradeChanged, ReviewAnswered
from credit.models import Grading, Review
from kernel.errors import N_
from merchants.models import Membership
from notifications.kinds import LetterKind, Value
from notifications.sending import send

_COUNTS: dict[str, Value] = {
    "sent": 120, "late": 3, "upheld": 1, "silent": 0, "overdue": 0, "orders": 118,
    "path": "/merchant/shanzhi/credit/",
}  # fmt: skip
_GRADED: dict[str, Value] = {**_COUNTS, "before": "B", "grade": "A", "score": "91.9", "delay": 0}
_WITHHELD: dict[str, Value] = {
    "before": "B", "orders": 28, "days": 120, "least_orders": 30, "least_days": 90, "hold": 7,
    "path": "/merchant/shanzhi/credit/",
}  # fmt: skip

KINDS = (
    LetterKind("credit.grade_changed", sample=_GRADED),
    LetterKind("credit.grade_withheld", sample=_WITHHELD),
    LetterKind(
        "credit.review_answered",
        sample={"path": "/orders/A1234567890/"},
        duty=False,
        about=N_("Replies to your reviews"),
    ),
)


def grade_changed(event: GradeChanged, *, at: datetime) -> None:
    """The new grade with its reasons and its effect, to everybody who acts for the shop."""
    grading = Grading.objects.select_related("merchant").get(pk=event.grading_id)
    kind, params = _told(grading, event)
    members = Membership.objects.filter(merchant_id=event.merchant_id, ended_at__isnull=True)
    for subject_id in members.values_list("subject_id", flat=True):
        send(subject_id=subject_id, kind=kind, reference=grading.pk, params=params, at=at)


def _told(grading: Grading, event: GradeChanged) -> tuple[str, dict[str, Value]]:
    standard = standards.of_version(grading.standard)
    shared: dict[str, Value] = {
        "before": event.grade_from,
        "orders": grading.orders,
        "path": reverse("credit:shop-credit", args=[grading.merchant.slug]),
    }
    if event.score_permille is None:
        since = grading.merchant.since
        return "credit.grade_withheld", shared | {
            "days": (grading.at - since).days if since else 0,
            "least_orders": standard.least_orders,
            "least_days": standard.least_days,
            "hold": standard.extra_hold_days,
        }
    return "credit.grade_changed", shared | _reasons(grading) | {
        "grade": event.grade_to,
        "score": f"{event.score_permille / 10:.1f}",
        "delay": standard.payout_delay(event.grade_to),
    }


def _reasons(grading: Grading) -> dict[str, Value]:
    numbers = explaining.counts(explaining.facts_of(grading.merchant_id, at=grading.at))
    late = numbers["dispatch_late"]
    return {
        "sent": late + numbers["dispatched_on_time"],
        "late": late,
        "upheld": numbers["complaint_upheld"] + numbers["complaint_partly"],
        "silent": numbers["answer_overdue"],
        "overdue": numbers["return_refund_overdue"] + numbers["return_answer_overdue"],
    }


def review_answered(event: ReviewAnswered, *, at: datetime) -> None:
    review = Review.objects.select_related("order").get(pk=event.review_id)
    path = reverse("credit:review", args=[review.order.number, review.line_id])
    send(
        subject_id=review.subject_id,
        kind="credit.review_answered",
        reference=review.pk,
        params={"path": path},
        at=at,
    )
