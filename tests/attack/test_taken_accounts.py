"""A thief with an open browser tries to stay: by a token, a mandate, a first password, a way back undone."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts import contacts, deadlines, freezing, mandates, tokens, weixin
from accounts.models import AccountChange
from accounts.pseudonyms import pseudonym_of
from accounts.token_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from kernel.errors import NotFound
from notifications import addressees
from privacy import copying
from privacy.models import PersonalCopy
from privacy.states import RequestKind
from tests.accounts.test_mandates import held
from tests.accounts.test_weixin import come_back
from tests.builders.people import a_buyer, proved
from tests.builders.requests import ASKED, a_request
from web.outgoing import Answer

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def owner():
    return a_buyer(email="owner@example.com")


def the_token(person, at):
    scopes = [Scope.OWN_ORDERS]
    return tokens.issue(subject_id=person.subject_id, scopes=scopes, days=30, actor=person.actor, at=at)[1]


def test_a_token_ends_with_the_freeze(owner):
    at = clock.now()
    secret = the_token(owner, at)
    assert tokens.presented(secret, at=at + HOUR)

    freezing.freeze(subject_id=owner.subject_id, actor=Actor.anonymous(), at=at + HOUR)

    assert tokens.presented(secret, at=at + HOUR) is None


def test_a_token_ends_with_the_change_that_its_maker_made(owner):
    at = clock.now()
    change = contacts.change_email(user_id=owner.user.pk, address="thief@example.org", at=at)
    secret = the_token(owner, at + HOUR)

    contacts.undo(change_id=change.pk, at=at + 2 * HOUR)

    assert tokens.presented(secret, at=at + 2 * HOUR) is None


def test_no_proxy_acts_for_a_frozen_account(owner):
    at, thief = clock.now(), a_buyer("賊")
    mandate = held(owner, thief, at=at)
    assert mandates.running(mandate_id=mandate.pk, proxy_id=thief.subject_id, at=at + HOUR)

    freezing.freeze(subject_id=owner.subject_id, actor=Actor.anonymous(), at=at + HOUR)

    assert mandates.running(mandate_id=mandate.pk, proxy_id=thief.subject_id, at=at + HOUR) is None


def test_an_open_browser_alone_sets_no_first_password(owner):
    owner.user.set_unusable_password()
    owner.user.save()
    owner.client.force_login(owner.user)
    proved(owner.client, owner.user, seconds_ago=16 * 60)
    sent = {"password1": "a thief's own secret 7", "password2": "a thief's own secret 7"}

    answer = owner.client.post(reverse("account_set_password"), sent)

    assert answer.url.startswith("/accounts/reauthenticate/")
    owner.user.refresh_from_db()
    assert not owner.user.has_usable_password()


def in_and_back(owner, at):
    """An own contact in, the owner's back at once: the thief holds a link that undoes the second step."""
    contacts.change_email(user_id=owner.user.pk, address="thief@example.org", at=at)
    return contacts.change_email(user_id=owner.user.pk, address="owner@example.com", at=at + HOUR)


def its_address(owner):
    owner.user.refresh_from_db()
    return addressees.of(owner.subject_id).email, owner.user.pseudonym


def test_undoing_what_gave_the_owner_back_brings_no_thief_in(owner):
    at = clock.now()
    second = in_and_back(owner, at)

    contacts.undo(change_id=second.pk, at=at + 2 * HOUR)

    assert its_address(owner) == ("owner@example.com", pseudonym_of("owner@example.com"))


def test_nor_does_a_recovery_whose_days_begin_between_the_two(owner):
    at = clock.now()
    in_and_back(owner, at)
    first = AccountChange.objects.order_by("at").first()
    days = deadlines.undo_days(at)
    frozen = first.at + days + HOUR / 2

    freezing.freeze(subject_id=owner.subject_id, actor=Actor.anonymous(), at=frozen)
    freezing.recover(subject_id=owner.subject_id, actor=Actor.system(), at=frozen + HOUR)

    assert its_address(owner) == ("owner@example.com", pseudonym_of("owner@example.com"))


def test_a_proxy_takes_no_copy_away(owner):
    a_request(owner.subject_id, RequestKind.COPY, at=ASKED)
    assert copying.build_next(at=ASKED) == 1
    request = PersonalCopy.objects.get().request
    proxy = Actor.proxy(owner.subject_id, by=a_buyer("代").subject_id, mandate_id=uuid4())

    with pytest.raises(NotFound):
        copying.fetch(request_id=request.pk, actor=proxy, at=ASKED)
    assert copying.fetch(request_id=request.pk, actor=owner.actor, at=ASKED)


def test_no_weixin_is_connected_by_the_page_that_signs_in(owner, settings, monkeypatch):
    settings.WEIXIN_CLIENT, settings.WEIXIN_SECRET = "wx4711", "a secret of the site"
    answer = Answer(200, json.dumps({"openid": "oThief"}).encode())
    monkeypatch.setattr(weixin.outgoing, "post", lambda *_, **__: answer)
    proved(owner.client, owner.user, seconds_ago=3600)

    assert come_back(owner.client).url == "/account/weixin/"
    assert not weixin.connected(owner.user)
