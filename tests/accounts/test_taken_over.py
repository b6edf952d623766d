"""An account in other hands: thief and owner, from the new browser's letter to the account given back."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.checks import ERROR, run_checks
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import freezing, second_factors
from accounts.models import AccountChange, AccountFreeze, User
from accounts.pseudonyms import pseudonym_of
from accounts.web import alarm_links
from deadlines.models import Deadline
from deadlines.sweep import sweep
from kernel.actor import Actor
from notifications import addressees
from notifications.models import Letter
from outbox.relay import drain_all
from tests.accounts.conftest import newest_code
from tests.accounts.test_second_factors import SECRET, code_now
from tests.builders.people import a_buyer, a_staff

pytestmark = pytest.mark.django_db

THEFT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
NEW = "another long secret 19"
WORDS = {
    "zh-hans": ("冻结这个账号吗", "已证明", "账号已经拿回来了"),
    "zh-hant": ("要凍結這個帳號嗎", "已證明", "帳號已經拿回來了"),
    "en": ("Freeze the account?", "Proved.", "You have your account back"),
}


@pytest.fixture
def lin():
    person = a_buyer(email="lin@example.com")
    second_factors.give_app(user=person.user, secret=SECRET)
    Authenticator.objects.filter(type="recovery_codes").delete()
    return person


def thief_acts(lin, client):
    """With a stolen browser: another address, and a factor of the thief's own."""
    page = "/account/contacts/email/"
    client.post(page, {"contact": "thief@example.org"})
    client.post(page, {"code": newest_code()})
    app = Authenticator.objects.get(type="totp")
    client.post(f"/account/factors/{app.pk}/remove/")
    client.get("/accounts/factors/app/")


def newest_link(to: str, part: str) -> str:
    letter = next(one for one in reversed(mail.outbox) if to in one.to and part in one.body)
    return re.search(rf"(/account/{part}/\S+)", letter.body).group(1)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_thief_and_owner(lin, platform_at, visitor, language):
    ask, proved, back = WORDS[language]
    platform_at(THEFT)
    addressees.record(subject_id=lin.subject_id, locale=language, at=THEFT)
    thief_acts(lin, lin.client)
    owner = visitor(language)
    link = alarm_links.path_for(lin.subject_id, at=THEFT)

    assert ask in owner.get(link).content.decode()
    assert owner.post(link).url == "/account/recovery/"
    assert lin.client.get("/account/").status_code == 302
    thief = visitor()
    thief.sign_in("thief@example.org")
    assert not thief.is_signed_in

    owner.post("/account/recovery/", contact="lin@example.com")
    assert mail.outbox[-1].to == ["lin@example.com"]
    assert proved in owner.post("/account/recovery/", code=newest_code()).content.decode()
    clock = Deadline.objects.get(kind="accounts.recovery")
    assert clock.due_at == THEFT + timedelta(hours=24) and clock.rule_id == "policy.accounts.safety"

    platform_at(clock.due_at)
    sweep()
    drain_all()

    assert addressees.of(lin.subject_id).email == "lin@example.com"
    assert Authenticator.objects.get().type == "totp"
    thief.post("/accounts/login/code/", email="thief@example.org")
    assert "code" not in mail.outbox[-1].subject
    thief.sign_in("lin@example.com")
    assert not thief.is_signed_in
    sets_a_password(owner, back)


def sets_a_password(owner, back: str) -> None:
    """By the contact and the app of before; then the pages ask to look through the rest."""
    owner.post("/accounts/password/reset/", email="lin@example.com")
    owner.post("/accounts/password/reset/confirm/", code=newest_code())
    owner.post("/accounts/password/reset/complete/", password1=NEW, password2=NEW)
    owner.sign_in("lin@example.com", NEW)
    assert owner.post("/accounts/login/second/", code=code_now()).url == "/account/security/"
    assert back in owner.get("/account/security/").content.decode()

    owner.post("/account/security/")
    assert back not in owner.get("/account/security/").content.decode()


def test_every_step_is_dated(lin, platform_at, visitor):
    platform_at(THEFT)
    thief_acts(lin, lin.client)
    freezing.freeze(subject_id=lin.subject_id, actor=Actor.anonymous(), at=THEFT)
    freezing.ask_recovery(subject_id=lin.subject_id, actor=Actor.anonymous(), at=THEFT)
    officer = Actor.staff(a_staff().subject_id)
    freezing.recover(subject_id=lin.subject_id, actor=officer, at=THEFT)

    kinds = list(AccountChange.objects.filter(subject_id=lin.subject_id).values_list("kind", flat=True))
    for kind in ("email", "factor_removed", "frozen", "recovery_asked", "undone", "recovered"):
        assert kind in kinds
    letters = set(Letter.objects.filter(subject_id=lin.subject_id).values_list("kind", flat=True))
    assert {"accounts.frozen", "accounts.recovery_asked", "accounts.recovered"} <= letters
    assert not Deadline.objects.filter(kind="accounts.recovery", state="open").exists()


def test_the_old_contact_undoes_a_change_within_its_days(lin, platform_at, visitor):
    platform_at(THEFT)
    thief_acts(lin, lin.client)
    link = newest_link("lin@example.com", "undo")

    assert "撤回这次更改吗" in Client().get(link).content.decode()
    assert "已撤回" in Client().post(link).content.decode()

    user = User.objects.get()
    assert user.pseudonym == pseudonym_of("lin@example.com") and not user.has_usable_password()
    assert lin.client.get("/account/").status_code == 302
    assert Client().post(link).status_code == 410


def test_after_its_days_the_old_contact_undoes_nothing(lin, platform_at):
    platform_at(THEFT)
    thief_acts(lin, lin.client)
    link = newest_link("lin@example.com", "undo")
    platform_at(THEFT + timedelta(days=8))

    assert Client().post(link).status_code == 410
    assert User.objects.get().pseudonym == pseudonym_of("thief@example.org")


@pytest.mark.parametrize("page", ["not-me", "undo"])
def test_a_forged_link_opens_nothing(lin, page):
    for token in ("x", "WyIx:abc"):
        assert Client().get(f"/account/{page}/{token}/").status_code == 404
        assert Client().post(f"/account/{page}/{token}/").status_code == 404


def test_a_stale_alarm_link_opens_nothing(lin, platform_at):
    link = alarm_links.path_for(lin.subject_id, at=THEFT)
    platform_at(THEFT + timedelta(days=31))

    assert Client().post(link).status_code == 404


def test_recovery_says_the_same_to_everybody(lin, visitor, platform_at):
    platform_at(THEFT)
    freezing.freeze(subject_id=lin.subject_id, actor=Actor.anonymous(), at=THEFT)
    a_buyer(email="free@example.com")
    pages = {}
    for contact in ("lin@example.com", "free@example.com", "nobody@example.com"):
        answer = visitor().post("/account/recovery/", contact=contact)
        pages[contact] = (answer.status_code, answer.content.count(b"<"))

    assert len(set(pages.values())) == 1
    assert len(mail.outbox) == 3
    someone = visitor()
    someone.post("/account/recovery/", contact="free@example.com")
    assert someone.post("/account/recovery/", code="123-456-789").status_code == 422
    assert AccountFreeze.objects.get().state == "frozen"


def test_a_frozen_account_is_refused_by_every_door(lin, visitor):
    freezing.freeze(subject_id=lin.subject_id, actor=Actor.anonymous(), at=THEFT)
    with pytest.raises(freezing.AccountIsFrozen):
        freezing.require_free(lin.subject_id)
    someone = visitor()
    Authenticator.objects.all().delete()
    assert someone.sign_in("lin@example.com").url == "/account/recovery/"
    someone = visitor()
    someone.post("/accounts/login/code/", email="lin@example.com")
    assert someone.post("/accounts/login/code/confirm/", code=newest_code(), action="verify").url == (
        "/account/recovery/"
    )
    assert not someone.is_signed_in


def test_its_owner_freezes_it_from_within(lin):
    assert "冻结这个账号吗" in lin.client.get("/account/security/freeze/").content.decode()
    assert lin.client.post("/account/security/freeze/").url == "/account/recovery/"
    assert freezing.is_frozen(lin.subject_id)
    assert Client().post("/account/security/freeze/").url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO accounts_accountfreeze SELECT gen_random_uuid(), state, frozen_by, frozen_at,"
        " recovery_due_at, ended_at, reviewed_at, subject_id FROM accounts_accountfreeze",
        "UPDATE accounts_accountfreeze SET state = 'ended'",
        "UPDATE accounts_accountfreeze SET state = 'waiting'",
        "UPDATE accounts_accountfreeze SET state = 'melted'",
    ],
)
def test_the_table_refuses_a_freeze_that_can_t_be(lin, statement):
    freezing.freeze(subject_id=lin.subject_id, actor=Actor.anonymous(), at=THEFT)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_wiring_is_whole():
    # Events that other tests define stand in no table.
    assert [each.msg for each in run_checks() if each.level >= ERROR and "tests." not in each.msg] == []
