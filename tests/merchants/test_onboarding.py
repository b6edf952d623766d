"""Applying to sell: complete, by version, decided by a person with reasons."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from evidence.models import Leaf
from kernel.actor import Actor
from kernel.errors import IllegalMove, NotFound
from kernel.ids import new_id
from merchants import access, handing_in, membership, onboarding, standing
from merchants.capabilities import Capability
from merchants.models import Acceptance, Membership, Merchant, MerchantMove
from merchants.moving import ReasonMissing
from merchants.texts import TEXTS
from notifications.models import Letter
from outbox.models import Message
from tests.builders.applications import admitted
from tests.builders.people import a_buyer, a_member, a_visitor
from tests.builders.shops import a_merchant, an_application

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
STAFF = Actor.staff(new_id())


class TestHandedIn:
    def test_makes_an_applicant_with_an_owner_and_accepted_texts(self):
        person = a_buyer()
        merchant = an_application(applicant_id=person.subject_id, display_name="清川茶行")
        assert (merchant.state, merchant.since, merchant.grade) == ("applied", None, "N")
        assert merchant.slug == "qing-chuan-cha-xing"
        assert Membership.objects.get(merchant=merchant).capabilities == ["owner"]
        accepted = dict(Acceptance.objects.values_list("text_key", "text_version"))
        assert accepted == {text.key: text.version for text in TEXTS}
        assert Leaf.objects.filter(reference=merchant.pk, label="merchants.merchant.apply").exists()
        assert Message.objects.filter(name="merchants.MerchantApplied").count() == 1

    def test_contact_person_is_stored_encrypted(self):
        merchant = an_application(contact_name="周一一", contact_phone="13812345678")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT contact_name, contact_phone FROM merchants_merchant WHERE id = %s", [merchant.pk]
            )
            stored = b"".join(bytes(each) for each in cursor.fetchone())
        assert "周一一".encode() not in stored
        assert b"13812345678" not in stored
        assert Merchant.objects.get(pk=merchant.pk).contact_phone == "13812345678"

    @pytest.mark.parametrize("field", ["legal_name", "number", "address_public", "contact_public"])
    def test_every_field_is_needed(self, field):
        with pytest.raises(handing_in.TasksOpen):
            an_application(**{field: " "})
        assert not Merchant.objects.exclude(state="preparing").exists()

    def test_two_shops_of_one_name_get_two_addresses(self):
        first, second = (an_application(display_name="好茶") for _ in range(2))
        assert first.slug == "hao-cha"
        assert second.slug.startswith("hao-cha-")


class TestDecision:
    def test_approval_admits_and_writes_a_letter(self):
        person = a_buyer()
        merchant = an_application(applicant_id=person.subject_id)
        admitted(merchant, at=AT)
        merchant.refresh_from_db()
        assert (merchant.state, merchant.since) == ("trading", AT)
        assert (
            Letter.objects.filter(subject_id=person.subject_id, kind="merchants.application_approved").count()
            == 1
        )

    def test_refusal_needs_a_reason_and_tells_it(self):
        person = a_buyer()
        merchant = an_application(applicant_id=person.subject_id)
        with pytest.raises(ReasonMissing), transaction.atomic():
            onboarding.refuse(merchant_id=merchant.pk, reason=" ", actor=STAFF, at=AT)
        onboarding.refuse(merchant_id=merchant.pk, reason="执照过期", actor=STAFF, at=AT)
        assert MerchantMove.objects.get(merchant=merchant, name="refuse").reason == "执照过期"
        assert Letter.objects.filter(kind="merchants.application_refused").count() == 1

    def test_decided_once(self):
        merchant = a_merchant()
        with pytest.raises(IllegalMove):
            onboarding.approve(merchant_id=merchant.pk, actor=STAFF, at=AT)

    def test_absent_merchant(self):
        with pytest.raises(NotFound):
            onboarding.approve(merchant_id=new_id(), actor=STAFF, at=AT)


class TestStanding:
    def test_steps_and_their_reasons(self):
        merchant = a_merchant()
        steps = [
            (standing.restrict, "restricted"),
            (standing.suspend, "suspended"),
            (standing.restore, "trading"),
        ]
        for step, state in steps:
            step(merchant_id=merchant.pk, reason="原因", rule_id="r", actor=STAFF, at=AT)
            assert Merchant.objects.get(pk=merchant.pk).state == state
        assert MerchantMove.objects.filter(merchant=merchant).count() == 5

    def test_a_shop_that_leaves_says_since_when(self):
        merchant = a_merchant()
        assert merchant.closed_at is None

        standing.close(merchant_id=merchant.pk, reason="原因", rule_id="r", actor=STAFF, at=AT)

        assert Merchant.objects.get(pk=merchant.pk).closed_at == AT

    def test_effects_are_written_from_above(self):
        merchant = a_merchant()
        standing.write_effects(
            merchant_id=merchant.pk,
            grade="B",
            score_permille=812,
            payout_delay_days=3,
            rule_id="credit.v1",
            at=AT,
        )
        merchant.refresh_from_db()
        assert (merchant.grade, merchant.score_text, merchant.payout_delay_days) == ("B", "81.2", 3)


class TestMembers:
    def test_capabilities_open_their_own_doors_only(self):
        merchant = a_merchant()
        helper = a_member(merchant, [Capability.ORDERS])
        assert access.membership_for(helper.actor, merchant.slug, needs=Capability.ORDERS)
        for missing in (Capability.LISTINGS, Capability.FINANCE, Capability.OWNER):
            with pytest.raises(NotFound):
                access.membership_for(helper.actor, merchant.slug, needs=missing)
        for nobody in (a_visitor().actor, a_buyer().actor, a_member(a_merchant()).actor):
            with pytest.raises(NotFound):
                access.membership_for(nobody, merchant.slug)

    def test_the_last_owner_stays(self):
        merchant = a_merchant()
        owner = Membership.objects.get(merchant=merchant)
        with pytest.raises(membership.LastOwner):
            membership.remove_member(merchant_id=merchant.pk, membership_id=owner.pk, actor=STAFF, at=AT)

    def test_members_of_other_shops_are_not_found(self):
        foreign = Membership.objects.get(merchant=a_merchant())
        with pytest.raises(NotFound):
            membership.remove_member(
                merchant_id=a_merchant().pk, membership_id=foreign.pk, actor=STAFF, at=AT
            )


class TestDatabaseRefuses:
    @pytest.mark.parametrize(
        ("sql", "rule"),
        [
            ("UPDATE merchants_merchant SET state = 'happy'", "merchant_state_is_known"),
            ("UPDATE merchants_merchant SET grade = 'Z'", "merchant_grade_is_known"),
            ("UPDATE merchants_merchant SET score_permille = 1001", "merchant_score_is_at_most_a_thousand"),
            ("UPDATE merchants_merchant SET since = NULL", "merchant_selling_was_admitted"),
            ("UPDATE merchants_merchant SET legal_name = ''", "merchant_names_itself"),
            ("UPDATE merchants_merchant SET closed_at = now()", "merchant_that_left_says_since_when"),
            ("UPDATE merchants_merchant SET state = 'closed'", "merchant_that_left_says_since_when"),
            ("UPDATE merchants_membership SET capabilities = '{all}'", "membership_capabilities_are_known"),
            ("UPDATE merchants_membership SET capabilities = '{}'", "membership_grants_something"),
        ],
    )
    def test_what_cannot_be(self, sql, rule):
        a_merchant()
        with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    @pytest.mark.parametrize("table", ["merchantmove", "acceptance"])
    @pytest.mark.parametrize("sql", ["UPDATE merchants_{} SET actor = ''", "DELETE FROM merchants_{}"])
    def test_history_is_append_only(self, table, sql):
        a_merchant()
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(table))


class TestPages:
    def test_visitors_sign_in_first(self):
        assert a_visitor().client.get("/merchant/apply").status_code == 302
        assert a_visitor().client.get("/merchant/some-shop/").status_code == 404

    def test_shops_never_admitted_have_no_page(self):
        merchant = an_application()
        assert a_visitor().client.get(f"/shop/{merchant.slug}/").status_code == 404
