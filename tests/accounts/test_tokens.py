"""Tokens: made once, found by digest, refused when they should be, and never left lying about."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts import tokens
from accounts.models import ApiToken
from accounts.token_scopes import Scope
from kernel import clock
from kernel.errors import NotFound
from notifications.models import Letter
from tests.builders.orders import an_order, drain
from tests.builders.people import a_buyer, a_member, a_visitor, proved
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)
OWN = reverse("accounts:tokens")
ORDERS = "/api/v1/me/orders/"


def a_token(person, *, scopes=(Scope.OWN_ORDERS,), at=AT, days=30, merchant=None):
    return tokens.issue(
        subject_id=person.subject_id,
        merchant_id=merchant.pk if merchant else None,
        scopes=list(scopes),
        days=days,
        actor=person.actor,
        at=at,
    )


def get(url, secret, **headers):
    with clock.frozen(AT):
        return a_visitor().client.get(url, HTTP_AUTHORIZATION=f"Bearer {secret}", **headers)


class TestIssue:
    def test_keeps_a_digest_and_a_prefix(self):
        made, secret = a_token(a_buyer())
        assert secret.startswith(f"{made.prefix}_") and len(secret) > 50
        assert secret not in json.dumps(list(ApiToken.objects.values()), default=str)
        assert tokens.presented(secret, at=AT) == made

    @pytest.mark.parametrize("days", [0, -1, 366])
    def test_refuses_a_life_that_the_policy_does_not_allow(self, days):
        with pytest.raises(tokens.TokenTooLong):
            a_token(a_buyer(), days=days)

    @pytest.mark.parametrize("scopes", [(), (Scope.ORDERS_SHIP,), (Scope.OWN_ORDERS, Scope.LISTINGS_READ)])
    def test_refuses_what_is_not_a_person_s(self, scopes):
        with pytest.raises(tokens.TokenScopes):
            a_token(a_buyer(), scopes=scopes)
        assert not ApiToken.objects.exists()

    def test_the_database_refuses_it_too(self):
        made, _secret = a_token(a_buyer())
        for change in ("scopes = '{}'", "scopes = '{orders:ship}'", "scopes = '{everything}'",
                       "expires_at = created_at", "digest = 'plain'"):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE accounts_apitoken SET {change} WHERE id = %s", [made.pk])

    def test_a_letter_goes_out_for_the_making_and_the_revoking(self):
        person = a_buyer()
        made, _secret = a_token(person)
        tokens.revoke_own(token_id=made.pk, subject_id=person.subject_id, actor=person.actor, at=AT)
        drain(at=AT)
        kinds = Letter.objects.filter(subject_id=person.subject_id).values_list("kind", flat=True)
        assert {"accounts.token_made", "accounts.token_revoked"} <= set(kinds)


class TestPresenting:
    def test_opens_one_s_own_orders(self):
        person, other = a_buyer(), a_buyer()
        order = an_order(subject_id=person.subject_id)
        an_order(subject_id=other.subject_id)
        answer = get(ORDERS, a_token(person)[1]).json()
        assert [one["number"] for one in answer["results"]] == [order.number] and answer["total"] == 1

    def test_writes_the_day_of_use_once(self):
        made, secret = a_token(a_buyer())
        get(ORDERS, secret)
        made.refresh_from_db()
        assert made.last_used_on == AT.date()

    def test_revoked_it_opens_nothing_from_the_next_request_on(self):
        person = a_buyer()
        made, secret = a_token(person)
        assert get(ORDERS, secret).status_code == 200
        tokens.revoke_own(token_id=made.pk, subject_id=person.subject_id, actor=person.actor, at=AT)
        answer = get(ORDERS, secret)
        assert answer.status_code == 401 and answer.json()["code"] == "token_needed"
        assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_expired_unknown_and_misspelt_ones_look_the_same(self):
        old = a_token(a_buyer(), at=AT - timedelta(days=31))[1]
        bodies = {
            get(ORDERS, secret).content for secret in (old, "x", "", old[:-1], "anx_aaaaaaaa_" + "a" * 43)
        }
        assert len(bodies) == 1
        assert a_visitor().client.get(ORDERS).status_code == 401

    def test_a_session_opens_nothing_there(self):
        assert a_buyer().client.get(ORDERS).status_code == 401

    def test_an_address_with_a_token_in_it_is_refused(self):
        secret = a_token(a_buyer())[1]
        for url in (f"{ORDERS}?token={secret}", f"{ORDERS}?x={secret}", f"/api/v1/listings/{secret}/"):
            answer = get(url, secret)
            assert answer.status_code == 400 and answer.json()["code"] == "token_in_address"

    def test_counts_requests_by_token(self, settings):
        secret, other = a_token(a_buyer())[1], a_token(a_buyer())[1]
        answers = [get(ORDERS, secret).status_code for _ in range(121)]
        assert answers[0] == 200 and answers[-1] == 429 and get(ORDERS, other).status_code == 200

    def test_the_scope_decides(self):
        merchant = a_merchant()
        member = a_member(merchant)
        secret = a_token(member, scopes=[Scope.LISTINGS_READ], merchant=merchant)[1]
        assert get(f"/api/v1/merchant/{merchant.slug}/listings/", secret).status_code == 200
        refused = get(f"/api/v1/merchant/{merchant.slug}/orders/", secret)
        assert refused.status_code == 403 and refused.json()["code"] == "token_scope"
        assert get(ORDERS, secret).status_code == 403


class TestNothingLiesAbout:
    def test_no_log_and_no_error_page_has_it(self, caplog, monkeypatch):
        person = a_buyer()
        secret = a_token(person)[1]
        monkeypatch.setattr("orders.access.orders_of_buyer", lambda actor: 1 / 0)
        client = a_visitor().client
        client.raise_request_exception = False
        with caplog.at_level(logging.DEBUG), clock.frozen(AT):
            answers = [
                client.get(ORDERS, HTTP_AUTHORIZATION=f"Bearer {secret}"),
                client.get(f"{ORDERS}?token={secret}", HTTP_AUTHORIZATION=f"Bearer {secret}"),
            ]
        assert [answer.status_code for answer in answers] == [500, 400]
        rest = secret.rsplit("_", 1)[1]
        told = caplog.text + "".join(str(vars(record)) for record in caplog.records if not record.exc_info)
        assert rest not in told and all(rest not in answer.content.decode() for answer in answers)


class TestOwnPage:
    def test_shows_the_secret_once(self):
        person = a_buyer()
        body = person.client.post(OWN, {"scopes": ["own:orders"], "days": "30"}).content.decode()
        made = ApiToken.objects.get()
        assert f"{made.prefix}_" in body
        again = person.client.get(OWN).content.decode()
        assert made.prefix in again and f"{made.prefix}_" not in again
        person.client.post(reverse("accounts:token-revocation", args=[made.pk]))
        made.refresh_from_db()
        assert made.revoked_at is not None

    def test_asks_for_a_fresh_proof(self):
        person = a_buyer()
        proved(person.client, person.user, seconds_ago=86_400)
        answer = person.client.post(OWN, {"scopes": ["own:orders"], "days": "30"})
        assert answer.status_code in (302, 303) and "reauthenticate" in answer["Location"]
        assert not ApiToken.objects.exists()

    def test_a_form_that_needs_a_change_says_so(self):
        assert a_buyer().client.post(OWN, {"scopes": ["orders:ship"], "days": "1000"}).status_code == 422

    def test_somebody_else_s_is_not_found(self):
        made, _secret = a_token(a_buyer())
        other = a_buyer()
        url = reverse("accounts:token-revocation", args=[made.pk])
        assert other.client.post(url).status_code == 404
        with pytest.raises(NotFound):
            tokens.revoke_own(token_id=made.pk, subject_id=other.subject_id, actor=other.actor, at=AT)


def test_a_shop_s_page_is_its_owner_s(db):
    merchant = a_merchant()
    url = reverse("merchants:tokens", args=[merchant.slug])
    owner, reader, stranger = a_member(merchant), a_member(merchant, ["orders"]), a_member(a_merchant())
    answer = owner.client.post(url, {"scopes": ["orders:read"], "days": "30"})
    made = ApiToken.objects.get()
    assert answer.status_code == 200 and f"{made.prefix}_" in answer.content.decode()
    assert made.merchant_id == merchant.pk and made.subject_id == owner.subject_id
    for person in (reader, stranger, a_buyer(), a_visitor()):
        assert person.client.get(url).status_code == 404
        revocation = reverse("merchants:token-revocation", args=[merchant.slug, made.pk])
        assert person.client.post(revocation).status_code == 404
    assert owner.client.post(revocation).status_code in (302, 303)
    assert a_listing(merchant=merchant)
