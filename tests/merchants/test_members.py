"""Who acts for a shop: invited to a proved contact, changed, removed from the next request on."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts import tokens
from accounts.token_scopes import Scope
from kernel.errors import NotFound
from merchants import members
from merchants.capabilities import Capability
from merchants.membership import LastOwner, NoCapability
from merchants.models import Invitation, Membership
from notifications.models import Letter
from tests.builders.people import a_buyer, a_member, an_email, proved
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)
LINK = re.compile(r"/merchant/join/([\w-]+)/")


@pytest.fixture(autouse=True)
def _now(at):
    at(AT)


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def owner(shop):
    return a_member(shop)


def mine(shop, person):
    return Membership.objects.get(merchant=shop, subject_id=person.subject_id, ended_at=None)


def invited(shop, owner, contact, capabilities=("orders",), *, at=AT):
    members.invite(owner=mine(shop, owner), contact=contact, capabilities=list(capabilities), at=at)
    return LINK.search(mail.outbox[-1].body).group(1)


class TestInvite:
    def test_over_http_from_the_invitation_to_the_shop_s_orders(self, shop, owner):
        person, page = a_buyer(), reverse("merchants:members", args=[shop.slug])
        sent = owner.client.post(page, {"contact": person.email, "capabilities": ["orders", "read"]})
        assert sent.status_code == 303
        assert mail.outbox[-1].to == [person.email]
        assert person.email in owner.client.get(page).content.decode()
        link = LINK.search(mail.outbox[-1].body).group(0)
        assert shop.display_name in person.client.get(link).content.decode()
        assert person.client.post(link).status_code == 303
        joined = mine(shop, person)
        assert joined.capabilities == ["orders", "read"]
        assert person.client.get(f"/merchant/{shop.slug}/orders/").status_code == 200
        assert person.client.get(page).status_code == 404
        assert person.client.get(link).status_code == 409
        assert Letter.objects.filter(subject_id=owner.subject_id, kind="merchants.member_joined").exists()

    def test_the_contact_lies_sealed(self, shop, owner):
        contact = an_email()
        invited(shop, owner, contact)
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(i)::text FROM merchants_invitation i")
            row = cursor.fetchone()[0]
        assert contact not in row
        assert Invitation.objects.get().contact == contact

    def test_somebody_else_with_the_link_gets_nothing(self, shop, owner):
        secret, thief = invited(shop, owner, an_email()), a_buyer()
        with pytest.raises(members.NotForYou):
            members.accept(secret=secret, person_id=thief.subject_id, at=AT)
        assert thief.client.post(reverse("merchants:join", args=[secret])).status_code == 409
        assert not Membership.objects.filter(subject_id=thief.subject_id).exists()

    @pytest.mark.parametrize("contact", ["", "  ", "nobody", "a@b", "12"])
    def test_is_refused_to_no_contact(self, shop, owner, contact):
        with pytest.raises(members.ContactUnfit):
            invited(shop, owner, contact)
        assert (Invitation.objects.count(), len(mail.outbox)) == (0, 0)

    def test_is_refused_without_capabilities_and_twice(self, shop, owner):
        contact = an_email()
        with pytest.raises(NoCapability):
            invited(shop, owner, contact, ["everything"])
        invited(shop, owner, contact)
        with pytest.raises(members.InvitedAlready):
            invited(shop, owner, contact.upper())
        assert Invitation.objects.count() == 1

    def test_runs_out_and_makes_room_for_another(self, shop, owner):
        person = a_buyer()
        secret, end = invited(shop, owner, person.email), AT + timedelta(hours=168)
        with pytest.raises(members.InvitationOver):
            members.accept(secret=secret, person_id=person.subject_id, at=end)
        fresh = invited(shop, owner, person.email, at=end)
        members.accept(secret=fresh, person_id=person.subject_id, at=end)
        assert mine(shop, person).capabilities == ["orders"]

    def test_withdrawn_it_opens_nothing(self, shop, owner):
        person = a_buyer()
        secret, invitation = invited(shop, owner, person.email), Invitation.objects.get()
        page = reverse("merchants:invitation-withdrawal", args=[shop.slug, invitation.pk])
        assert owner.client.post(page).status_code == 303
        with pytest.raises(members.InvitationOver):
            members.accept(secret=secret, person_id=person.subject_id, at=AT)

    def test_never_takes_anything_from_a_member(self, shop, owner):
        secret = invited(shop, owner, owner.email, ["read"])
        members.accept(secret=secret, person_id=owner.subject_id, at=AT)
        assert mine(shop, owner).capabilities == ["owner", "read"]

    def test_needs_a_fresh_proof(self, shop, owner):
        proved(owner.client, owner.user, seconds_ago=100_000)
        page = reverse("merchants:members", args=[shop.slug])
        answer = owner.client.post(page, {"contact": an_email(), "capabilities": ["owner"]})
        assert "reauthenticate" in answer["Location"]
        assert not Invitation.objects.exists()


class TestRemoval:
    def test_counts_on_the_next_request_of_browser_and_program(self, shop, owner):
        person = a_member(shop, [Capability.ORDERS])
        _made, secret = tokens.issue(
            subject_id=person.subject_id, merchant_id=shop.pk, scopes=[Scope.ORDERS_READ], days=30,
            actor=person.actor, at=AT,
        )  # fmt: skip
        page, api = f"/merchant/{shop.slug}/orders/", f"/api/v1/merchant/{shop.slug}/orders/"
        bearer = {"Authorization": f"Bearer {secret}"}
        assert person.client.get(page).status_code == 200
        assert owner.client.get(api, headers=bearer).status_code == 200
        member = reverse("merchants:member", args=[shop.slug, mine(shop, person).pk])
        assert owner.client.post(member, {"remove": "1"}).status_code == 303
        assert person.client.get(page).status_code == 404
        assert owner.client.get(api, headers=bearer).status_code == 404
        assert Letter.objects.filter(subject_id=person.subject_id, kind="merchants.member_removed").exists()

    def test_leaves_the_shop_an_owner(self, shop, owner):
        for each in Membership.objects.filter(merchant=shop).exclude(subject_id=owner.subject_id):
            members.remove(owner=mine(shop, owner), membership_id=each.pk, at=AT)
        own = mine(shop, owner)
        with pytest.raises(LastOwner):
            members.remove(owner=own, membership_id=own.pk, at=AT)
        with pytest.raises(LastOwner):
            members.change(owner=own, membership_id=own.pk, capabilities=["read"], at=AT)
        page = reverse("merchants:member", args=[shop.slug, own.pk])
        owner.client.post(page, {"remove": "1"})
        assert mine(shop, owner).capabilities == ["owner"]

    def test_is_the_owner_s_alone_and_reaches_no_other_shop(self, shop, owner):
        clerk, other = a_member(shop, [Capability.ORDERS]), a_merchant()
        theirs = Membership.objects.filter(merchant=other).first()
        with pytest.raises(NotFound):
            members.remove(owner=mine(shop, clerk), membership_id=mine(shop, owner).pk, at=AT)
        with pytest.raises(NotFound):
            members.remove(owner=mine(shop, owner), membership_id=theirs.pk, at=AT)
        page = reverse("merchants:member", args=[shop.slug, mine(shop, owner).pk])
        assert clerk.client.post(page, {"remove": "1"}).status_code == 404
        assert mine(shop, owner)


class TestChange:
    def test_counts_from_the_next_request_on(self, shop, owner):
        person = a_member(shop, [Capability.READ])
        page = reverse("merchants:member", args=[shop.slug, mine(shop, person).pk])
        assert owner.client.post(page, {"capabilities": ["listings"]}).status_code == 303
        assert mine(shop, person).capabilities == ["listings"]
        owner.client.post(page, {})
        assert mine(shop, person).capabilities == ["listings"]


class TestTheDatabaseItselfRefuses:
    @pytest.mark.parametrize(
        "what",
        ["capabilities = '{owner}'", "expires_at = expires_at + interval '1 year'", "stands_for = 'x'",
         "digest = 'x'"],
    )  # fmt: skip
    def test_to_widen_an_invitation(self, shop, owner, what):
        invited(shop, owner, an_email())
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(f"UPDATE merchants_invitation SET {what}")

    def test_an_acceptance_that_is_too_late(self, shop, owner):
        invited(shop, owner, an_email())
        with pytest.raises(DatabaseError, match="invitation_accepted_in_time"), transaction.atomic():
            connection.cursor().execute("UPDATE merchants_invitation SET accepted_at = expires_at")
