"""Acting for somebody: only with a code, only in the scope, only until it ends, and never to widen it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from accounts import joint_acts, mandates
from accounts.mandate_scopes import Scope
from accounts.mandates import Terms
from accounts.models import Mandate
from accounts.staff import Role
from config.subscriptions import REVERSALS
from kernel import clock
from kernel.actor import Actor
from kernel.errors import NotFound
from notifications.models import Letter
from orders.models import OrderMove
from privacy.models import AccessRecord
from tests.builders.cases import a_complaint
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_member, a_staff
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ALL = [str(scope) for scope in Scope]


def given(principal, scopes=ALL, *, at=None, days=30):
    at = at or clock.now()
    terms = Terms(scopes, "family", at + days * DAY)
    return mandates.grant(principal_id=principal.subject_id, terms=terms, actor=principal.actor, at=at)


def held(principal, proxy, scopes=ALL, *, at=None, days=30):
    _made, code = given(principal, scopes, at=at, days=days)
    return mandates.accept_code(code=code, actor=proxy.actor, at=at or clock.now())


def act_for(mandate, proxy):
    answer = proxy.client.post(reverse("mandates:act", args=[mandate.pk]))
    assert answer.status_code == 303, answer.status_code
    return proxy.client


@pytest.fixture
def people():
    """The old mother, her daughter, and somebody else."""
    return a_buyer("林母"), a_buyer("林女"), a_buyer("旁人")


class TestGiving:
    def test_by_code_from_page_to_page(self, people):
        mother, daughter, other = people
        until = (clock.now() + 40 * DAY).date().isoformat()
        sent = {"scopes": ["orders", "complaints"], "kinship": "family", "until": until}
        page = mother.client.post(reverse("mandates:grant"), sent)
        code = page.context["code"]
        assert code in page.content.decode() and len(code) == 10
        assert code not in mother.client.get(reverse("mandates:mine")).content.decode()
        assert not Mandate.objects.filter(code_digest__contains=code).exists()
        assert mother.client.post(reverse("mandates:accept"), {"code": code}).status_code == 422, "her own"
        spelt = f" {code[:5].lower()}-{code[5:]} "
        assert daughter.client.post(reverse("mandates:accept"), {"code": spelt}).status_code == 303
        assert other.client.post(reverse("mandates:accept"), {"code": code}).status_code == 422, "once"
        assert "林母" in daughter.client.get(reverse("mandates:mine")).content.decode()
        kinds = Letter.objects.filter(subject_id=mother.subject_id).values_list("kind", flat=True)
        assert set(kinds) == {"accounts.mandate_granted", "accounts.mandate_accepted"}

    def test_needs_a_fresh_proof(self, people):
        mother = people[0]
        session = mother.client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 1}]
        session.save()
        assert "reauthenticate" in mother.client.get(reverse("mandates:grant"))["Location"]

    @pytest.mark.parametrize(
        ("scopes", "days"), [([], 30), (["payout"], 30), (["orders", "money"], 30), (ALL, 0), (ALL, 367)]
    )
    def test_refuses_no_scope_an_unknown_one_and_an_unfit_end(self, people, scopes, days):
        with pytest.raises((mandates.ScopeMissing, mandates.TermUnfit)):
            given(people[0], scopes, days=days)

    def test_a_code_grows_old(self, people):
        at = clock.now()
        _made, code = given(people[0], at=at)
        with pytest.raises(mandates.CodeUnknown):
            mandates.accept_code(code=code, actor=people[1].actor, at=at + timedelta(hours=72))

    def test_a_proxy_gives_nothing_on(self, people):
        mother, daughter, other = people
        mandate = held(mother, daughter)
        as_mother = Actor.proxy(mother.subject_id, by=daughter.subject_id, mandate_id=mandate.pk)
        terms = Terms(ALL, "family", clock.now() + DAY)
        with pytest.raises(NotFound):
            mandates.grant(principal_id=mother.subject_id, terms=terms, actor=as_mother, at=clock.now())
        with pytest.raises(NotFound):
            mandates.grant(principal_id=mother.subject_id, terms=terms, actor=other.actor, at=clock.now())
        client = act_for(mandate, daughter)
        until = (clock.now() + 40 * DAY).date().isoformat()
        client.post(reverse("mandates:grant"), {"scopes": ["orders"], "kinship": "family", "until": until})
        assert Mandate.objects.latest("granted_at").principal_id == daughter.subject_id, "her own account"


class TestActing:
    def test_opens_what_is_in_the_scope_and_both_stand_in_the_trail(self, people):
        mother, daughter, _ = people
        order = an_order(subject_id=mother.subject_id)
        page = reverse("orders:order", args=[order.number])
        mandate = held(mother, daughter, ["orders", "buy"])
        assert daughter.client.get(page).status_code == 404
        client = act_for(mandate, daughter)
        shown = client.get(page)
        assert shown.status_code == 200 and "林母" in shown.content.decode()
        line = AccessRecord.objects.get(subject_id=mother.subject_id)
        assert line.purpose == "mandate" and "orders.Order.recipient" in line.fields
        assert line.actor == f"buyer:{mother.subject_id}/{daughter.subject_id}"
        assert "林母" in client.get("/").content.decode(), "the banner is on every page"
        client.post(reverse("mandates:back"))
        assert client.get(page).status_code == 404
        assert "林母" not in client.get("/").content.decode()

    def test_a_step_names_both(self, people):
        mother, daughter, _ = people
        actor = Actor.proxy(mother.subject_id, by=daughter.subject_id, mandate_id=mother.subject_id)
        assert str(actor) == f"buyer:{mother.subject_id}/{daughter.subject_id}"
        assert len(str(actor)) <= OrderMove._meta.get_field("actor").max_length

    def test_outside_of_the_scope_nothing_is_there(self, people):
        mother, daughter, _ = people
        order = an_order(subject_id=mother.subject_id)
        case = a_complaint(order=an_order(subject_id=mother.subject_id, delivered_at=clock.now() - DAY))
        client = act_for(held(mother, daughter, ["orders"]), daughter)
        refused = [
            reverse("complaints:case", args=[case.number]),
            reverse("complaints:list"),
            reverse("orders:cart"),
            reverse("orders:checkout"),
            reverse("privacy:see"),
            reverse("privacy:delete"),
            reverse("privacy:consents"),
        ]
        assert [path for path in refused if client.get(path).status_code != 404] == []
        assert client.get(reverse("orders:order", args=[order.number])).status_code == 200

    def test_no_scope_opens_the_end_of_the_account_or_money(self, people):
        mother, daughter, _ = people
        client = act_for(held(mother, daughter), daughter)
        for path in (reverse("privacy:delete"), reverse("privacy:copy"), reverse("privacy:consents")):
            assert client.get(path).status_code == 404, path
        assert client.get(reverse("privacy:see")).status_code == 200
        assert "林女" in client.get(reverse("accounts:account")).content.decode(), "always one's own account"

    def test_not_for_others_not_before_not_after(self, people):
        mother, daughter, other = people
        mandate = held(mother, daughter)
        for who in (other, mother):
            assert who.client.post(reverse("mandates:act", args=[mandate.pk])).status_code == 404
            session = who.client.session
            session["mandate"] = str(mandate.pk)
            session.save()
            who.client.cookies["anxin_acting"] = "1"
            order = an_order(subject_id=mother.subject_id)
            assert who.client.get(reverse("orders:order", args=[order.number])).status_code == 404
        ended = held(other, daughter, at=clock.now() - 40 * DAY, days=30)
        assert daughter.client.post(reverse("mandates:act", args=[ended.pk])).status_code == 404
        assert not mandates.running(mandate_id=mandate.pk, proxy_id=daughter.subject_id, at=mandate.ends_at)

    @pytest.mark.parametrize("side", [0, 1])
    def test_either_side_ends_it_at_once(self, people, side):
        mother, daughter, other = people
        order = an_order(subject_id=mother.subject_id)
        page = reverse("orders:order", args=[order.number])
        mandate = held(mother, daughter)
        client = act_for(mandate, daughter)
        assert client.get(page).status_code == 200
        end = reverse("mandates:revoke", args=[mandate.pk])
        assert other.client.post(end).status_code == 404
        assert people[side].client.post(end).status_code == 303
        assert client.get(page).status_code == 404
        assert client.get("/").status_code == 200, "the rest of the house stays open, with the way back"
        assert people[side].client.post(end).status_code == 409

    def test_an_erased_principal_has_no_proxy(self, people):
        mother, daughter, _ = people
        mandate = held(mother, daughter)
        assert mandates.end_all(subject_id=mother.subject_id, at=clock.now()) == 1
        assert mandates.running(mandate_id=mandate.pk, proxy_id=daughter.subject_id, at=clock.now()) is None

    def test_what_a_thief_gave_away_ends_when_the_owner_is_back(self, people):
        mother, daughter, _ = people
        at = clock.now()
        old, new = held(mother, daughter, at=at - 20 * DAY), held(mother, daughter, at=at - DAY)
        mandates.end_given_since(subject_id=mother.subject_id, since=at - 7 * DAY, at=at)
        assert mandates.running(mandate_id=old.pk, proxy_id=daughter.subject_id, at=at)
        assert not mandates.running(mandate_id=new.pk, proxy_id=daughter.subject_id, at=at)
        assert mandates.end_given_since in REVERSALS

    def test_the_case_says_that_the_buyer_is_represented(self, people):
        mother, daughter, _ = people
        order = an_order(subject_id=mother.subject_id, delivered_at=clock.now() - DAY)
        case = a_complaint(order=order, at=clock.now())
        member = a_member(order.merchant)
        page = reverse("complaints:shop-case", args=[order.merchant.slug, case.number])
        assert "代理人" not in member.client.get(page).content.decode()
        held(mother, daughter, ["complaints"])
        shown = member.client.get(page).content.decode()
        assert "代理人" in shown and "林女" not in shown


class TestRenewing:
    def test_goes_to_the_same_proxy_who_accepts_it(self, people):
        mother, daughter, other = people
        old = held(mother, daughter, ["orders"])
        until = (clock.now() + 90 * DAY).date().isoformat()
        sent = {"scopes": ["orders", "buy"], "kinship": "family", "until": until}
        renew = reverse("mandates:renew", args=[old.pk])
        assert daughter.client.get(renew).status_code == 404
        assert other.client.get(renew).status_code == 404
        assert mother.client.post(renew, sent).status_code == 303
        new = Mandate.objects.get(renews=old)
        accept = reverse("mandates:accept-known", args=[new.pk])
        assert other.client.post(accept).status_code == 404
        assert daughter.client.post(accept).status_code == 303
        old.refresh_from_db()
        assert old.revoked_at is not None
        assert mandates.running(mandate_id=new.pk, proxy_id=daughter.subject_id, at=clock.now())


class TestFromPaper:
    def test_takes_two_members_of_staff_and_the_proxy(self, people):
        mother, daughter, _ = people
        first, second = a_staff(Role.PRIVACY_OFFICER), a_staff(Role.PRIVACY_OFFICER)
        sent = {
            "principal": mother.email,
            "proxy": daughter.email,
            "scopes": ["orders"],
            "kinship": "lawyer",
            "until": (clock.now() + 90 * DAY).date().isoformat(),
            "document": a_jpeg_upload("委托书.jpg"),
        }
        assert a_staff(Role.REVIEWER).client.get(reverse("staff:paper")).status_code == 403
        assert first.client.post(reverse("staff:paper"), sent).status_code == 303
        act = joint_acts.waiting(at=clock.now())[0]
        decide = reverse("staff:joint-decide", args=[act.pk])
        first.client.post(decide, {"decision": "confirm"})
        assert not Mandate.objects.exists()
        second.client.post(decide, {"decision": "confirm"})
        made = Mandate.objects.get()
        assert (made.proxy_id, made.accepted_at) == (daughter.subject_id, None)
        daughter.client.post(reverse("mandates:accept-known", args=[made.pk]))
        assert mandates.running(mandate_id=made.pk, proxy_id=daughter.subject_id, at=clock.now())


@pytest.mark.parametrize(
    "change",
    [
        "scopes = '{orders,buy,returns}'",
        "ends_at = ends_at + interval '1 year'",
        "proxy_id = principal_id",
        "proxy_id = NULL, accepted_at = NULL",
        "principal_id = proxy_id",
        "revoked_at = now()",
        "act_id = NULL, document_id = NULL, starts_at = now()",
    ],
)
def test_sql_can_not_widen_it(people, change):
    held(people[0], people[1], ["orders"])
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_mandate SET {change}")


def test_sql_can_not_revive_it_or_name_an_unknown_scope(people):
    mandate = held(people[0], people[1], ["orders"])
    mandates.revoke(mandate_id=mandate.pk, actor=people[0].actor, at=clock.now())
    for sql in (
        "UPDATE accounts_mandate SET revoked_at = NULL, revoked_by = NULL",
        "DELETE FROM accounts_mandate",
        """INSERT INTO accounts_mandate
            (id, principal_id, code_digest, scopes, kinship, starts_at, ends_at, granted_at)
            SELECT gen_random_uuid(), principal_id, '', '{payout}', kinship, starts_at, ends_at, granted_at
            FROM accounts_mandate""",
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            connection.cursor().execute(sql)
