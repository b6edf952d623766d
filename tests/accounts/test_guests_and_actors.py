"""Who acts: nobody, a guest, an account, staff; and what signing in does to a guest."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory

from accounts import guests
from accounts.middleware import ActorMiddleware, actor_of
from accounts.models import StaffSession
from accounts.staff import Role
from kernel.actor import Actor, ActorKind
from outbox.models import Message
from privacy.models import Subject
from tests.builders.people import a_buyer, a_guest, a_staff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def a_request(path="/", *, user=None, client=None):
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()} if client else {}
    return request


def actor_at(path, user=None) -> Actor:
    seen = []
    request = a_request(path, user=user)
    ActorMiddleware(lambda request: seen.append(request.actor) or HttpResponse())(request)
    return seen[0]


def test_nobody_is_anonymous_and_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert actor_at("/").kind == ActorKind.ANONYMOUS


def test_an_account_is_a_buyer_everywhere():
    buyer = a_buyer()
    assert actor_at("/", buyer.user) == buyer.actor
    assert actor_at("/admin/", buyer.user) == buyer.actor


def test_staff_act_for_the_platform_in_the_staff_pages_only():
    staff = a_staff()
    request = a_request("/admin/", user=staff.user)
    request.staff_session = StaffSession.objects.get(subject_id=staff.subject_id)
    actor = actor_of(request)
    assert (actor.is_staff, actor.session_id) == (True, request.staff_session.pk)
    assert actor_at("/admin/", staff.user) == Actor.buyer(staff.subject_id), "not without a session"
    assert actor_at("/orders/", staff.user) == Actor.buyer(staff.subject_id)


def test_a_visitor_gets_a_subject_only_when_something_is_kept():
    request = a_request()

    assert guests.subject_of(request) is None
    assert guests.actor_of(request) == Actor.anonymous()
    subject_id = guests.subject_for(request, at=NOW)

    assert Subject.objects.filter(pk=subject_id).exists()
    assert guests.subject_for(request, at=NOW) == subject_id
    assert guests.actor_of(request) == Actor.buyer(subject_id)
    response = HttpResponse()
    guests.keep_cookie(request, response)
    cookie = response.cookies[guests.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_the_cookie_brings_the_guest_back():
    guest = a_guest()
    assert guests.subject_of(a_request(client=guest.client)) == guest.subject_id


@pytest.mark.parametrize(
    "cookie",
    ["", "nonsense", "0192f0c1-0000-7000-8000-000000000000", "0192f0c1-0000-7000-8000-000000000000:a:b"],
)
def test_a_forged_cookie_names_nobody(cookie):
    client = Client()
    client.cookies[guests.COOKIE] = cookie
    assert guests.subject_of(a_request(client=client)) is None


def test_an_erased_guest_starts_anew():
    guest = a_guest()
    Subject.objects.filter(pk=guest.subject_id).update(erased_at=NOW)

    assert guests.subject_for(a_request(client=guest.client), at=NOW) != guest.subject_id


def test_signing_in_claims_what_the_guest_did(visitor):
    buyer = a_buyer(email="lin@example.com")
    guest = a_guest()
    person = visitor()
    person.browser = guest.client

    answer = person.sign_in("lin@example.com")

    claimed = Message.objects.get(name="accounts.GuestClaimed")
    assert claimed.payload == {"subject_id": str(buyer.subject_id), "guest_subject_id": str(guest.subject_id)}
    assert answer.cookies[guests.COOKIE].value == ""


def test_a_link_lets_a_browser_visit_but_never_shop_as_that_guest():
    """Else whoever sends a link to an order of theirs would get the address that its reader types."""
    guest, request = a_guest(), a_request()

    assert guests.recognise(request, subject_id=guest.subject_id)
    assert guests.actor_of(request) == guest.actor
    assert guests.shopper_of(request) == Actor.anonymous()
    assert guests.subject_of(request) is None
    assert guests.subject_for(request, at=NOW) != guest.subject_id


def test_a_visiting_browser_stays_a_visitor_on_its_next_page():
    guest, request, response = a_guest(), a_request(), HttpResponse()
    guests.recognise(request, subject_id=guest.subject_id)
    guests.keep_cookie(request, response)
    client = Client()
    client.cookies[guests.VISIT_COOKIE] = response.cookies[guests.VISIT_COOKIE].value

    again = a_request(client=client)
    assert guests.actor_of(again) == guest.actor
    assert guests.shopper_of(again) == Actor.anonymous()


def test_the_guest_s_own_browser_keeps_shopping_after_its_link():
    guest = a_guest()
    request = a_request(client=guest.client)

    assert guests.recognise(request, subject_id=guest.subject_id)
    assert guests.shopper_of(request) == guest.actor


def test_no_link_leads_into_an_account():
    buyer, request = a_buyer(), a_request()

    assert not guests.recognise(request, subject_id=buyer.subject_id)
    assert guests.actor_of(request) == Actor.anonymous()


def test_signing_in_does_not_claim_a_guest_that_was_only_visited():
    buyer, guest, request = a_buyer(), a_guest(), a_request()
    guests.recognise(request, subject_id=guest.subject_id)

    guests.claim_at_sign_in(request, subject_id=buyer.subject_id, at=NOW)

    assert not Message.objects.filter(name="accounts.GuestClaimed").exists()


def test_nobody_can_claim_an_account():
    first, second = a_buyer(), a_buyer()

    assert not guests.claim_guest(subject_id=first.subject_id, guest_subject_id=second.subject_id, at=NOW)
    assert not Message.objects.filter(name="accounts.GuestClaimed").exists()


def test_an_officer_sees_accounts_without_addresses():
    officer = a_staff(Role.SECURITY_OFFICER)
    page = officer.client.get("/admin/accounts/user/")

    assert page.status_code == 200
    assert "p.invalid" not in page.content.decode()
    assert officer.client.get("/admin/accounts/user/add/").status_code == 403
