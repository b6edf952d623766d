from datetime import date

import pytest

from law.returns import ListingFacts
from law.rights import rights_for
from law.rules import Stamp
from tests.law.packs import calendar, china, pack

NOW = china(2026, 11, 21)


def rights(facts, seller_place="CN", **options):
    found = rights_for(
        pack=pack(),
        calendar=calendar(),
        facts=facts,
        buyer_place="CN",
        seller_place=seller_place,
        at=NOW,
        **options,
    )
    return {right.id: right for right in found}


def test_the_slip_holds_return_escrow_fault_and_fraud_in_this_order():
    assert list(rights(ListingFacts("home"))) == ["no_reason_return", "escrow", "quality_return", "fraud"]


def test_food_adds_the_tenfold_claim():
    assert rights(ListingFacts("food"))["food_safety"].can_do.params["multiple"] == 10


def test_every_right_answers_the_four_questions():
    for right in rights(ListingFacts("food")).values():
        assert right.can_do.code and right.until.code and right.cost.code and right.source.code


def test_law_is_stamped_law_and_the_platforms_word_promise():
    found = rights(ListingFacts("home"))
    assert found["no_reason_return"].stamp is Stamp.LAW
    assert found["fraud"].rule_id == "cn.fraud"
    assert found["escrow"].stamp is Stamp.PROMISE


def test_against_a_seller_abroad_home_law_is_contested_and_shown_as_a_promise():
    found = rights(ListingFacts("home"), seller_place="JP")
    assert {right.stamp for right in found.values()} == {Stamp.PROMISE}


def test_after_delivery_the_right_has_its_last_day():
    """Mon 2 + 7 = Mon 9 November."""
    right = rights(ListingFacts("home"), delivered_at=china(2026, 11, 2))["no_reason_return"]
    assert right.until.params["day"] == date(2026, 11, 9)
    assert right.window.last_day == date(2026, 11, 9)


def test_custom_made_goods_have_no_return_and_say_why():
    right = rights(ListingFacts("custom-made", "never"), delivered_at=china(2026, 11, 2))["no_reason_return"]
    assert not right.applies
    assert right.why_not.code == "exclusion.custom_made"
    assert right.window is None


def test_goods_that_need_a_confirmation_are_returnable_until_it_is_given():
    facts = ListingFacts("cosmetics", "confirm")
    open_still = rights(facts)["no_reason_return"]
    assert open_still.applies
    assert open_still.why_not.code == "exclusion.opening_affects_safety"
    confirmed = rights(ListingFacts("cosmetics", "confirm", confirmed=True))["no_reason_return"]
    assert not confirmed.applies


def test_an_excluded_return_leaves_the_claim_for_faults_untouched():
    assert rights(ListingFacts("custom-made", "never"))["quality_return"].applies


def test_a_longer_promise_is_stamped_promise_and_cites_the_law_it_betters():
    right = rights(ListingFacts("home", promised_return_days=30))["no_reason_return"]
    assert (right.stamp, right.rule_id) == (Stamp.PROMISE, "promise.return.days")
    assert right.can_do.params["days"] == 30
    assert right.source.params["rule"] == "cn.return.window"


@pytest.mark.parametrize(("promised", "payer"), [(False, "consumer"), (True, "trader")])
def test_return_postage_is_the_buyers_unless_the_seller_promised_it(promised, payer):
    facts = ListingFacts("home", return_freight_promised=promised)
    assert rights(facts)["no_reason_return"].cost.code == f"cost.return_freight.{payer}"


def test_the_order_of_facts_and_asking_twice_change_nothing():
    assert rights(ListingFacts("food")) == rights(ListingFacts("food"))


def test_the_pack_of_another_place_cannot_speak_for_the_buyer():
    with pytest.raises(ValueError, match="JP"):
        rights_for(
            pack=pack(),
            calendar=calendar(),
            facts=ListingFacts("home"),
            buyer_place="JP",
            seller_place="CN",
            at=NOW,
        )
