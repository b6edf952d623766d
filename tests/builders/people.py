"""People for tests: made through the use cases, signed in without the login page."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.core import signing
from django.test import Client

from accounts import guests, joint_acts, staff, staff_factors, staff_sessions
from accounts.models import StaffSession, User
from accounts.signing_in import create_account
from accounts.web.staff_gate import SESSION_KEY
from kernel.actor import Actor
from kernel.ids import new_id
from privacy import subjects

JOINED = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
PASSWORD = "correct horse 47 battery"
_numbers = count(1)


@dataclass(frozen=True)
class Person:
    """`client` is their browser."""

    client: Client
    actor: Actor
    subject_id: UUID
    user: User | None = None
    email: str = ""
    password: str = ""


def an_email() -> str:
    return f"person{next(_numbers)}@example.com"


def a_buyer(name: str = "林安", *, email: str = "", locale: str = "zh-hans", at: datetime = JOINED) -> Person:
    """An account with a proved address, signed in."""
    email = email or an_email()
    user = create_account(email=email, display_name=name, password=PASSWORD, locale=locale, at=at)
    return Person(_signed_in(user), Actor.buyer(user.subject_id), user.subject_id, user, email, PASSWORD)


def a_guest(*, at: datetime = JOINED) -> Person:
    """A visitor without an account who has put something aside."""
    subject_id = subjects.create_subject(locale="zh-hans", at=at).pk
    client = Client()
    client.cookies[guests.COOKIE] = signing.TimestampSigner(salt="accounts.guest").sign(str(subject_id))
    return Person(client, Actor.buyer(subject_id), subject_id)


def a_visitor() -> Person:
    """Nobody in particular: no cookie, no subject of theirs."""
    return Person(Client(), Actor.anonymous(), UUID(int=0))


def a_staff(role: staff.Role = staff.Role.REVIEWER, *, at: datetime = JOINED, working: bool = True) -> Person:
    """One of the platform's people, appointed by two others, signed in with a second factor.

    `working`: a staff session is open already, so that /admin/ answers.
    """
    email = an_email()
    user = create_account(email=email, display_name="审核员", password=PASSWORD, at=at)
    appointed(user, role, at=at)
    user.refresh_from_db()
    staff_factors.enrol_app(user)
    client = _signed_in(user)
    if working:
        at_work(client, user, role)
    return Person(client, Actor.staff(user.subject_id), user.subject_id, user, email, PASSWORD)


def appointed(user: User, role: staff.Role, *, at: datetime = JOINED) -> None:
    """By two officers whom the test doesn't meet."""
    first, second = (Actor.staff(new_id()) for _ in range(2))
    act = joint_acts.propose(step=staff.Appoint(user_id=user.pk, role=role), actor=first, at=at)
    joint_acts.confirm(act_id=act.pk, actor=second, at=at)


def at_work(client: Client, user: User, role: staff.Role, *, now: datetime | None = None) -> StaffSession:
    """The browser works in `role` from `now` on (real time)."""
    opened = staff_sessions.begin(
        user=user,
        role=role,
        reason="a test of this page",
        proof="totp",
        now=now or datetime.now(UTC),
        at=JOINED,
    )
    session = client.session
    session[SESSION_KEY] = str(opened.pk)
    session.save()
    return opened


def a_member(merchant: Any, capabilities: Any = None, *, at: datetime = JOINED) -> Person:
    """Somebody who acts for `merchant`; without `capabilities` its owner."""
    from merchants import membership
    from merchants.capabilities import Capability

    person = a_buyer("店主", at=at)
    membership.add_member(
        merchant_id=merchant.pk,
        subject_id=person.subject_id,
        capabilities=list(capabilities or [Capability.OWNER]),
        actor=Actor.system(),
        at=at,
    )
    actor = Actor.member(person.subject_id, merchant.pk)
    return Person(person.client, actor, person.subject_id, person.user, person.email, person.password)


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.backends.StaffAwareBackend")
    proved(client, user)
    return client


def proved(client: Client, user: User, *, seconds_ago: float = 0) -> None:
    """The browser's person proved themselves then, as at a real sign-in."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - seconds_ago}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
