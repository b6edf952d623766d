"""Consumer law binds traders: against a private person a buyer has the contract, and escrow."""

import pytest

from kernel.errors import DomainError
from law.private_sellers import conformity_window, promised_window, trader_rules
from law.returns import ListingFacts, exclusion_holds
from law.rights import rights_for
from law.rules import Confidence, Stamp
from tests.law.packs import calendar, china, pack, pack_data

NOW = china(2026, 11, 21)
PACKS = ["cn", "eu", "hk", "jp", "kr", "tw", "uk", "us"]
USED = ListingFacts("second-hand", private_seller=True)


def rights(facts, place="cn", **options):
    law = pack(place)
    buyer = place.upper()
    found = rights_for(
        pack=law,
        calendar=calendar() if place == "cn" else calendar(place),
        facts=facts,
        buyer_place=buyer,
        seller_place=buyer,
        at=NOW,
        **options,
    )
    return {right.id: right for right in found}


class TestAgainstAPrivatePerson:
    def test_the_slip_keeps_its_places(self):
        assert list(rights(USED)) == ["no_reason_return", "escrow", "as_described", "private_fraud"]

    def test_no_return_without_a_reason_and_the_rule_that_says_so(self):
        right = rights(USED)["no_reason_return"]
        assert (right.applies, right.rule_id) == (False, "cn.secondhand.private")
        assert right.why_not.code == "private.none"

    def test_what_isnt_as_described_goes_back_within_seven_days_at_the_sellers_cost(self):
        right = rights(USED, delivered_at=china(2026, 11, 2))["as_described"]
        assert right.window.last_day.isoformat() == "2026-11-09"
        assert (right.cost.code, right.stamp) == ("cost.return_freight.trader", Stamp.PROMISE)

    def test_fraud_undoes_the_contract_and_multiplies_nothing(self):
        right = rights(USED)["private_fraud"]
        assert right.rule_id == "cn.private.fraud"
        assert "multiple" not in right.can_do.params

    def test_a_promise_binds_whoever_gave_it(self):
        facts = ListingFacts("second-hand", promised_return_days=3, private_seller=True)
        right = rights(facts, delivered_at=china(2026, 11, 2))["no_reason_return"]
        assert (right.applies, right.stamp, right.rule_id) == (True, Stamp.PROMISE, "promise.return.days")
        assert right.window.last_day.isoformat() == "2026-11-05"
        assert right.source.code == "source.promise"

    def test_the_same_offer_of_a_business_keeps_every_right(self):
        found = rights(ListingFacts("second-hand"))
        assert list(found) == ["no_reason_return", "escrow", "quality_return", "fraud"]
        assert found["fraud"].can_do.params["multiple"] == 3


class TestEveryPlace:
    @pytest.mark.parametrize("place", PACKS)
    def test_says_who_is_bound_with_its_confidence(self, place):
        law = pack(place)
        rule = law.rule(law.role("private_seller"), NOW)
        assert rule.confidence in Confidence
        assert all(rule.sentence[locale] for locale in ("zh-hans", "zh-hant", "en"))

    def test_of_the_union_neither_withdrawal_nor_guarantee_binds_a_private_person(self):
        law = pack("eu").at_place("DE")
        found = {
            each.id: each
            for each in rights_for(
                pack=law, calendar=calendar("de"), facts=USED, buyer_place="DE", seller_place="DE", at=NOW
            )
        }
        assert list(found) == ["no_reason_return", "escrow", "no_guarantee"]
        assert {found[each].rule_id for each in ("no_reason_return", "no_guarantee")} == {"eu.seller.private"}
        assert not found["no_guarantee"].applies

    def test_a_pack_that_doesnt_say_is_not_guessed_at(self):
        from law.pack_reading import read_pack

        data = pack_data()
        del data["roles"]["private_seller"]
        with pytest.raises(DomainError):
            rights_for(
                pack=read_pack(data),
                calendar=calendar(),
                facts=USED,
                buyer_place="CN",
                seller_place="CN",
                at=NOW,
            )


class TestWindows:
    def test_nobody_holds_a_traders_rule_against_a_person(self):
        assert {"cn.return.window", "cn.quality.return", "cn.fraud", "cn.food"} <= trader_rules(pack())
        assert "cn.private.conformity" not in trader_rules(pack())

    def test_both_count_as_the_place_counts(self):
        came = china(2026, 11, 2)
        as_described = conformity_window(pack=pack(), calendar=calendar(), delivered_at=came)
        promised = promised_window(pack=pack(), calendar=calendar(), delivered_at=came, at=came, days=7)
        assert as_described.due_at == promised.due_at == china(2026, 11, 10)
        assert (as_described.rule_id, promised.rule_id) == ("cn.private.conformity", "promise.return.days")
        assert promised.owner == "buyer"

    def test_refusing_is_open_but_where_it_was_promised(self):
        assert exclusion_holds(pack=pack(), facts=USED, at=NOW)
        promised = ListingFacts("second-hand", promised_return_days=7, private_seller=True)
        assert not exclusion_holds(pack=pack(), facts=promised, at=NOW)
