"""Closing an account: nothing of signing in is left, and nobody gets in any more."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts import contacts, erasure, freezing, second_factors
from accounts.closing import close_account
from accounts.models import BrowserSession, JointAct, KnownDevice, SealedSecret, User
from accounts.pseudonyms import pseudonym_of
from accounts.staff_roles import Role
from kernel.actor import Actor
from tests.accounts.test_second_factors import SECRET
from tests.builders.people import JOINED, a_buyer, a_staff

pytestmark = pytest.mark.django_db


def test_nothing_of_signing_in_is_left(visitor):
    person = a_buyer(email="lin@example.com")
    contacts.change_phone(user_id=person.user.pk, number="13800138000", at=JOINED)
    lin = visitor()
    lin.sign_in("lin@example.com")
    second_factors.give_app(user=person.user, secret=SECRET)

    close_account(subject_id=person.subject_id, at=JOINED)
    close_account(subject_id=person.subject_id, at=JOINED)

    assert not lin.is_signed_in and person.client.get("/account/").status_code == 302
    assert not BrowserSession.objects.filter(user=person.user).exists()
    for model in (Authenticator, SealedSecret, KnownDevice, EmailAddress):
        assert not model.objects.exists()
    stump = User.objects.get(pk=person.user.pk)
    assert not stump.is_active and stump.pseudonym != pseudonym_of("lin@example.com")


def test_the_address_is_free_again_and_the_old_password_opens_nothing(visitor):
    person = a_buyer(email="lin@example.com")
    close_account(subject_id=person.subject_id, at=JOINED)
    someone = visitor()
    someone.sign_in("lin@example.com")
    assert not someone.is_signed_in
    assert a_buyer(email="lin@example.com").client.get("/account/").status_code == 200


def test_a_frozen_account_and_one_that_works_here_are_not_erased():
    person, staff = a_buyer(), a_staff()
    assert erasure.obstacles(person.subject_id) == []
    freezing.freeze(subject_id=person.subject_id, actor=Actor.anonymous(), at=JOINED)

    assert [one.code for one in erasure.obstacles(person.subject_id)] == ["account_frozen"]
    assert [one.code for one in erasure.obstacles(staff.subject_id)] == ["staff"]


def test_a_security_officer_freezes_and_two_give_back_after_a_check():
    person, officer = a_buyer(email="lin@example.com"), a_staff(Role.SECURITY_OFFICER)
    page = "/staff/frozen/"
    assert officer.client.post(page, {"contact": "nobody@example.com"}).status_code == 422
    officer.client.post(page, {"contact": "lin@example.com"})
    assert freezing.is_frozen(person.subject_id)
    assert "已核对身份证件" in officer.client.get(page).content.decode()

    officer.client.post(page, {"subject_id": str(person.subject_id)})
    assert freezing.is_frozen(person.subject_id)
    officer.client.post(page, {"subject_id": str(person.subject_id), "checked": "on"})
    assert freezing.is_frozen(person.subject_id)
    decide = reverse("staff:joint-decide", args=[JointAct.objects.get(state="waiting").pk])
    officer.client.post(decide, {"decision": "confirm"})
    assert freezing.is_frozen(person.subject_id)
    a_staff(Role.SECURITY_OFFICER).client.post(decide, {"decision": "confirm"})
    assert not freezing.is_frozen(person.subject_id)
    assert not User.objects.get(pk=person.user.pk).has_usable_password()
