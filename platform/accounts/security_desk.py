"""What a security officer looks at first: what happens more than usual, and what waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import AccountFreeze, Emergency, FreezeState, JointAct, LookalikeReport
from kernel.errors import N_
from privacy import assessments, copying
from privacy.models import AccessAlarm, FileState, StoredFile
from rulebook import policies
from web.models import SecurityCount

POLICY = "security.desk"
DAY = timedelta(hours=24)
MOST_ROUTES = 20

# The words of the security log that are counted, as staff read them.
WORDS = {
    "refused": N_("A rule refused a step"),
    "forbidden": N_("Not permitted"),
    "form_expired": N_("A form without or with a foreign token"),
    "bad_request": N_("An unreadable request"),
    "too_many": N_("A limit was reached"),
    "signed_in": N_("Signed in"),
    "sign_in_failed": N_("A sign-in failed"),
    "signed_out": N_("Signed out"),
    "code_sent": N_("A code was sent"),
    "code_refused": N_("A wrong code"),
    "password_changed": N_("A password was changed"),
    "factor_added": N_("A second factor was added"),
    "factor_removed": N_("A second factor was removed"),
    "frozen": N_("An account was frozen"),
    "recovered": N_("An account was recovered"),
    "staff_session_opened": N_("A staff session was opened"),
    "staff_session_ended": N_("A staff session ended"),
    "break_glass": N_("The glass was broken"),
    "permission_refused": N_("Staff wanted more than their role allows"),
    "token_refused": N_("A token was refused"),
    "token_used_after_end": N_("An ended token was used"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: in the last 24 hours, and on a usual day (mean of the days before, in tenths)."""

    what: str
    today: int
    usual_tenths: int
    unusual: bool

    @property
    def usual(self) -> str:
        return f"{self.usual_tenths // 10}.{self.usual_tenths % 10}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things of one sort wait, and the name of the page that shows them."""

    label: str
    number: int
    route: str


def kinds(*, now: datetime) -> list[Kind]:
    """Every kind seen lately, the unusual first; `now` is the real time, like the log's."""
    limits = policies.value(POLICY, now)
    days = limits["usual_days"]
    since = now - DAY
    today = SecurityCount.objects.by_kind(since=since, until=now)
    before = SecurityCount.objects.by_kind(since=since - days * DAY, until=since)
    found = []
    for what in sorted({*today, *before}):
        number, usual = today.get(what, 0), before.get(what, 0)
        unusual = number >= limits["least"] and number * days > limits["times"] * usual
        found.append(Kind(what, number, usual * 10 // days, unusual))
    return sorted(found, key=lambda one: (not one.unusual, -one.today, one.what))


def routes(*, now: datetime) -> list[SecurityCount]:
    """The hours and addresses where most happened in the last 24 hours."""
    return SecurityCount.objects.busiest(since=now - DAY, most=MOST_ROUTES)


def waiting(*, now: datetime, at: datetime) -> list[Waiting]:
    """What needs somebody, zero too, so that nothing looks forgotten; `at` is the platform's time."""
    return [
        Waiting(
            N_("Broken glass without a review"),
            Emergency.objects.filter(reviewed_at__isnull=True).count(),
            "staff:emergencies",
        ),
        Waiting(
            N_("Acts that wait for a second person"),
            JointAct.objects.filter(state=JointAct.State.WAITING, expires_at__gt=now).count(),
            "staff:joint",
        ),
        Waiting(
            N_("Reports of people who pretend to be us"),
            LookalikeReport.objects.filter(handled_at__isnull=True).count(),
            "staff:reports",
        ),
        Waiting(
            N_("Frozen accounts"),
            AccountFreeze.objects.exclude(state=FreezeState.ENDED).count(),
            "staff:frozen",
        ),
        *_about_data(now=now, at=at),
    ]


def _about_data(*, now: datetime, at: datetime) -> list[Waiting]:
    """What waits because of people's data."""
    return [
        Waiting(
            N_("Unusual looks at people's data in a week"),
            AccessAlarm.objects.filter(at__gte=now - 7 * DAY).count(),
            "admin:privacy_accessalarm_changelist",
        ),
        Waiting(
            N_("Kinds of processing without a lasting impact assessment"),
            len(assessments.concerns(at)),
            "admin:privacy_assessment_changelist",
        ),
        Waiting(
            N_("Copies of personal data that could not be made"),
            len(copying.stuck(at=at)),
            "admin:privacy_request_changelist",
        ),
        Waiting(
            N_("Files refused in a week"),
            StoredFile.objects.filter(state=FileState.REFUSED, received_at__gte=now - 7 * DAY).count(),
            "",
        ),
    ]
