"""A chain from a brand's owner to a shop: whole only while each link is checked and in force."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from deadlines.models import Deadline
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from merchants import appeals, brand_chains, brand_claims, brand_terms, checking, documents
from merchants.appeal_lifecycle import About
from merchants.brand_terms import Authorisation
from merchants.document_kinds import DocumentKind
from merchants.models import Brand, BrandClaim, BrandPaper, Check, DocumentMove
from outbox.models import Message
from tests.builders.brands import OWNER, a_brand_claim, a_registration, check, examined, newest
from tests.builders.orders import drain
from tests.builders.papers import DESK, a_document, a_paper
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 16)
SYSTEM = Actor.system()


def chain(claim, day=TODAY):
    return brand_chains.chain(claim, day=day)


def by_sql(day=TODAY, **more):
    return set(BrandClaim.objects.whole(day=day, place="CN", **more).values_list("pk", flat=True))


def changes():
    rows = Message.objects.filter(name="merchants.BrandChainChanged").order_by("pk")
    return [row.payload["whole"] for row in rows]


class TestAChain:
    def test_holds_when_every_link_was_checked_and_not_before(self):
        claim = a_brand_claim(a_merchant(), at=AT, hands=2, verified=False)
        for link in claim.links.order_by("position"):
            assert not chain(claim).whole
            assert by_sql() == set()
            check(link, at=AT)
        assert chain(claim).whole
        assert chain(claim).categories == ("food", "home")
        assert by_sql() == {claim.pk}
        assert changes() == [True]

    def test_of_an_owner_is_the_registration_alone(self):
        shop = a_merchant()
        claim = a_brand_claim(shop, at=AT, hands=0, owner=shop.legal_name)
        assert chain(claim).whole
        assert by_sql(category="food") == {claim.pk}

    def test_does_not_hold_while_a_link_was_never_handed_in(self):
        claim = a_brand_claim(a_merchant(), at=AT, hands=2, links=1)
        assert not chain(claim).whole
        assert by_sql() == set()

    def test_ends_with_the_day_of_its_shortest_paper_without_anybody_doing_anything(self):
        claim = a_brand_claim(a_merchant(), at=AT, until=date(2026, 12, 31))
        assert chain(claim, date(2026, 12, 31)).whole
        assert by_sql(date(2026, 12, 31)) == {claim.pk}
        assert not chain(claim, date(2027, 1, 1)).whole
        assert by_sql(date(2027, 1, 1)) == set()

    def test_is_for_what_all_links_cover_and_where_we_sell(self):
        shop = a_merchant()
        claim = a_brand_claim(shop, at=AT, categories=("food",))
        assert chain(claim).categories == ("food",)
        assert (by_sql(category="food"), by_sql(category="home")) == ({claim.pk}, set())
        abroad = a_brand_claim(shop, at=AT, territory=("JP",), number="9")
        assert not chain(abroad).whole
        assert by_sql() == {claim.pk}

    def test_a_mark_of_another_place_proves_nothing_here(self):
        claim = a_brand_claim(a_merchant(), at=AT, place="JP", territory=("*",))
        assert not chain(claim).whole
        assert by_sql() == set()

    @pytest.mark.parametrize("states", list(product([False, True], repeat=3)), ids=str)
    def test_the_database_and_the_page_say_the_same(self, states):
        claim = a_brand_claim(a_merchant(), at=AT, hands=2, verified=False)
        for link, checked in zip(claim.links.order_by("position"), states, strict=True):
            if checked:
                check(link, at=AT)
        assert chain(claim).whole is all(states)
        assert bool(by_sql()) is all(states)


class TestLosing:
    def test_a_paper_that_runs_out_is_told_once_and_a_renewal_brings_it_back(self):
        shop = a_merchant()
        claim = a_brand_claim(shop, at=AT, until=date(2026, 12, 31))
        over = datetime(2027, 1, 1, 1, 0, tzinfo=UTC)
        for link in claim.links.order_by("position"):
            documents.expire(document_id=newest(link).pk, at=over)
        assert changes() == [True, False]
        for link in claim.links.order_by("position"):
            paper = a_paper(DocumentKind.BRAND_AUTHORISATION, valid_until=date(2029, 1, 1))
            brand_claims.renew(link_id=link.pk, merchant_id=shop.pk, paper=paper, actor=SYSTEM, at=over)
            examined(link, at=over)
            check(link, at=over)
        assert changes() == [True, False, True]
        assert by_sql(date(2027, 1, 1)) == {claim.pk}

    def test_a_renewal_before_the_end_leaves_no_gap(self):
        shop = a_merchant()
        claim = a_brand_claim(shop, at=AT)
        link = claim.links.get(position=1)
        paper = a_paper(DocumentKind.BRAND_AUTHORISATION, valid_until=date(2030, 1, 1))
        brand_claims.renew(link_id=link.pk, merchant_id=shop.pk, paper=paper, actor=SYSTEM, at=AT)
        assert chain(claim).whole
        examined(link, at=AT)
        check(link, at=AT)
        assert chain(claim).whole
        assert changes() == [True]

    @pytest.mark.parametrize("how", ["refuse", "withdraw", "end"])
    def test_refused_later_or_taken_back_it_is_over_at_once(self, how):
        shop = a_merchant()
        claim = a_brand_claim(shop, at=AT)
        paper = newest(claim.links.get(position=1))
        if how == "refuse":
            documents.refuse(document_id=paper.pk, reason="授权书系伪造", actor=DESK, at=AT)
        elif how == "withdraw":
            documents.withdraw(document_id=paper.pk, merchant_id=shop.pk, actor=SYSTEM, at=AT)
        else:
            brand_claims.end(claim_id=claim.pk, merchant_id=shop.pk, actor=SYSTEM, at=AT)
        assert by_sql() == set()
        assert changes() == [True, False]

    def test_is_warned_about_like_every_document(self):
        claim = a_brand_claim(a_merchant(), at=AT, until=date(2027, 6, 30))
        for link in claim.links.all():
            kinds = Deadline.objects.filter(reference=newest(link).pk).values_list("kind", flat=True)
            assert {"merchants.document_warning", "merchants.document_expiry"} <= set(kinds)


class TestAnAppeal:
    def test_that_is_upheld_lets_the_paper_count(self):
        shop = a_merchant()
        claim = a_brand_claim(shop, at=AT, verified=False)
        first, second = claim.links.order_by("position")
        check(first, at=AT)
        documents.refuse(document_id=newest(second).pk, reason="看不清公章", actor=DESK, at=AT)
        refusal = brand_chains.refusal_of(chain(claim).links[1])
        appeal = appeals.file(
            merchant_id=shop.pk, about=About.BRAND, reference=refusal, text="原件更清楚", actor=SYSTEM, at=AT
        )
        with pytest.raises(appeals.SameReviewer):
            appeals.decide(appeal_id=appeal.pk, upheld=True, reasons="是真的", actor=DESK, at=AT)
        other = Actor.staff(new_id())
        appeals.decide(appeal_id=appeal.pk, upheld=True, reasons="是真的", actor=other, at=AT)
        drain(at=AT)
        assert by_sql() == {claim.pk}

    def test_is_about_a_refused_proof_and_no_other_document(self):
        shop = a_merchant()
        licence = a_document(merchant=shop, at=AT, verified=False)
        documents.refuse(document_id=licence.pk, reason="过期", actor=DESK, at=AT)
        move = DocumentMove.objects.get(document=licence, name="refuse")
        with pytest.raises(NotFound):
            appeals.file(
                merchant_id=shop.pk, about=About.BRAND, reference=move.pk, text="不", actor=SYSTEM, at=AT
            )


class TestClaiming:
    def refused(self, error, shop=None, **changes):
        with pytest.raises(error):
            a_brand_claim(shop or a_merchant(), at=AT, **changes)
        assert not BrandPaper.objects.exists()
        assert not BrandClaim.objects.exists()

    def test_what_cannot_be_true_is_refused_and_nothing_is_kept(self):
        self.refused(brand_terms.BrandUnnamed, names=("®",))
        self.refused(brand_terms.OwnerUnnamed, owner=" ")
        self.refused(brand_terms.ClassUnknown, classes=(46,))
        self.refused(brand_terms.ClassCoversNothing, classes=(13,))
        self.refused(brand_claims.OwnerIsAnother, hands=0)

    def test_a_link_gives_no_more_than_the_one_before_it(self):
        with pytest.raises(brand_terms.NotCovered):
            a_brand_claim(a_merchant(), at=AT, categories=("electronics",))

    def test_twice_is_once_and_another_shop_s_is_absent(self):
        shop, other = a_merchant(), a_merchant()
        claim = a_brand_claim(shop, at=AT)
        with pytest.raises(brand_claims.ClaimedAlready):
            a_brand_claim(shop, at=AT)
        for step in (
            lambda: brand_claims.end(claim_id=claim.pk, merchant_id=other.pk, actor=SYSTEM, at=AT),
            lambda: brand_chains.one_of_shop(claim.pk, merchant_id=other.pk, day=TODAY),
            lambda: brand_claims.renew(
                link_id=claim.links.first().pk, merchant_id=other.pk, paper=a_paper(), actor=SYSTEM, at=AT
            ),
        ):
            with pytest.raises(NotFound):
                step()
        assert a_brand_claim(other, at=AT).brand_id == claim.brand_id

    def test_a_complete_chain_takes_no_link_more(self):
        shop = a_merchant()
        claim = a_brand_claim(shop, at=AT)
        said = Authorisation("", ("CN",), ("food",))
        with pytest.raises(brand_claims.ChainComplete):
            brand_claims.authorise(
                claim_id=claim.pk, merchant_id=shop.pk, said=said, paper=a_paper(), actor=SYSTEM, at=AT
            )

    def test_a_person_s_name_is_nowhere(self):
        brand = a_brand_claim(a_merchant(), at=AT, owner="王小明", owner_is_person=True).brand
        assert brand.owner == ""

    def test_other_facts_are_another_brand_so_that_nobody_spoils_it(self):
        liar, owner = a_merchant(), a_merchant()
        false = a_brand_claim(liar, at=AT, owner="假冒有限公司", verified=False)
        assert a_brand_claim(owner, at=AT).brand_id != false.brand_id
        assert Brand.objects.count() == 2

    def test_the_register_of_marks_is_asked_for_the_owner(self):
        shop = a_merchant()
        a_brand_claim(shop, at=AT, number="12345404", verified=False)
        drain(at=AT)
        said = [each for each in checking.latest(shop.pk) if each.kind == DocumentKind.TRADEMARK]
        assert [each.result for each in said] == [Check.Result.UNKNOWN]

    def test_our_classes_name_every_category(self):
        from catalog.categories import schema_files

        assert set(brand_terms.classes_of_categories()) == {each["slug"] for each in schema_files()}
        assert a_registration().owner == OWNER


class TestTheDatabase:
    def sql(self, name, statement, *values):
        broken = pytest.raises(IntegrityError, match=name)
        with broken, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    def test_lets_nobody_forge_a_chain(self):
        shop, other = a_merchant(), a_merchant()
        claim, theirs = a_brand_claim(shop, at=AT, links=0), a_brand_claim(other, at=AT)
        link = (
            "INSERT INTO merchants_brandlink"
            " (id, merchant_id, claim_id, position, grantee, territory, categories, added_at)"
            " VALUES (gen_random_uuid(), %s, %s, %s, '', '{CN}', '{food}', now())"
        )
        follows = "brand_link_follows_the_one_before"
        self.sql(follows, link, shop.pk, claim.pk, 2)
        self.sql(follows, link, shop.pk, theirs.pk, 1)
        self.sql(follows, link, other.pk, claim.pk, 1)
        paper = (
            "INSERT INTO merchants_brandpaper (id, merchant_id, link_id, document_id, added_at)"
            " VALUES (gen_random_uuid(), %s, %s, %s, now())"
        )
        own = "brand_link_is_proved_by_its_shop_s_paper"
        licence = a_document(merchant=shop, at=AT)
        self.sql(own, paper, shop.pk, claim.links.get().pk, licence.pk)
        foreign = a_document(merchant=other, at=AT, kind=DocumentKind.TRADEMARK)
        self.sql(own, paper, shop.pk, claim.links.get().pk, foreign.pk)
        self.sql(
            "brand_claim_has_links",
            "INSERT INTO merchants_brandclaim (id, merchant_id, brand_id, length, claimed_at, claimed_by)"
            " SELECT gen_random_uuid(), %s, brand_id, 0, now(), 'x' FROM merchants_brandclaim LIMIT 1",
            a_merchant().pk,
        )

    @pytest.mark.parametrize("table", ["brand", "brandlink", "brandpaper"])
    def test_keeps_what_was_stated(self, table):
        a_brand_claim(a_merchant(), at=AT)
        column = {"brand": "owner = 'x'", "brandlink": "grantee = 'x'"}.get(table, "added_at = now()")
        for statement in (f"UPDATE merchants_{table} SET {column}", f"DELETE FROM merchants_{table}"):
            with pytest.raises(Exception, match="annot"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)

    def test_ends_a_claim_once_and_changes_nothing_else(self):
        shop = a_merchant()
        claim = a_brand_claim(shop, at=AT)
        self.sql("ends once", "UPDATE merchants_brandclaim SET length = 1")
        brand_claims.end(claim_id=claim.pk, merchant_id=shop.pk, actor=SYSTEM, at=AT + timedelta(days=1))
        self.sql("ends once", "UPDATE merchants_brandclaim SET ended_at = NULL")
