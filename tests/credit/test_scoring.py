"""The score is a pure function: same facts, same number, and a bad fact never helps."""

import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit import standards
from credit.scoring import FRESH, Fact, component_value, freshness, half_up, score

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ADMITTED = NOW - timedelta(days=200)
V1 = standards.of_version(1)
KINDS = sorted(V1.kinds)


def a_fact(kind, *, days=0, permille=None, order=None):
    judged = V1.kinds[kind]
    value = judged.permille if permille is None else permille
    return Fact(kind, judged.component, 1000 if value is None else value, judged.weight,
                NOW - timedelta(days=days), order)  # fmt: skip


def forty(late=0, **more):
    """Forty dispatched orders, `late` of them late."""
    facts = [a_fact("dispatch_late" if n < late else "dispatched_on_time", order=n) for n in range(40)]
    return facts + [a_fact(kind) for kind, number in more.items() for _ in range(number)]


def reckon(facts, *, at=NOW, since=ADMITTED, standard=V1):
    return score(facts, standard, at=at, since=since)


facts = st.lists(
    st.builds(
        lambda kind, days, permille, order: a_fact(kind, days=days, permille=permille, order=order),
        st.sampled_from(KINDS), st.integers(-5, 400), st.none() | st.integers(0, 1000), st.integers(0, 60),
    ),
    max_size=80,
)  # fmt: skip
bad_facts = st.builds(
    lambda kind, days: a_fact(kind, days=days),
    st.sampled_from([key for key in KINDS if V1.kinds[key].hurts]),
    st.integers(0, 300),
)


class TestProperties:
    @given(facts, st.randoms(use_true_random=False))
    def test_order_of_arrival_plays_no_part(self, held, rng):
        mixed = list(held)
        rng.shuffle(mixed)
        assert reckon(mixed) == reckon(held)

    @given(facts)
    def test_the_parts_add_up_to_the_score(self, held):
        found = reckon([*held, *forty()])
        assert found.permille is not None and 0 <= found.permille <= 1000
        assert sum(part.points for part in found.parts) == found.permille == found.reckoned
        assert all(0 <= part.permille <= 1000 for part in found.parts)

    @given(facts, bad_facts, st.integers(0, 500))
    def test_a_bad_fact_never_raises_it_at_any_later_instant(self, held, bad, days):
        later = NOW + timedelta(days=days)
        assert reckon([*held, bad], at=later).reckoned <= reckon(held, at=later).reckoned

    @given(facts, st.integers(0, 300))
    def test_taking_a_bad_fact_back_never_lowers_it(self, held, days):
        later = NOW + timedelta(days=days)
        for place, fact in enumerate(held):
            if V1.kinds[fact.kind].hurts and fact.permille == 0:
                rest = held[:place] + held[place + 1 :]
                assert reckon(rest, at=later).reckoned >= reckon(held, at=later).reckoned

    @given(facts)
    def test_what_weighs_nothing_changes_nothing(self, held):
        silent = [a_fact(key, permille=0) for key in KINDS if not V1.kinds[key].weight]
        assert reckon([*held, *silent]).reckoned == reckon(held).reckoned

    @given(facts)
    def test_what_is_yet_to_come_or_long_gone_changes_nothing(self, held):
        gone = [a_fact("dispatch_late", days=365), a_fact("complaint_upheld", days=-1)]
        assert reckon([*held, *gone]) == reckon(held)

    def test_the_same_in_another_process_and_hash_seed(self):
        code = (
            "import sys; sys.path[:0] = ['.', 'platform']\n"
            "from tests.credit.test_scoring import mixed, reckon\n"
            "print(reckon(mixed()))"
        )
        root = Path(__file__).resolve().parents[2]
        said = {
            subprocess.run(
                [sys.executable, "-c", code],
                cwd=root,
                check=True,
                capture_output=True,
                text=True,
                env={"PYTHONHASHSEED": seed, "LC_ALL": locale, "PATH": ""},
            ).stdout.strip()
            for seed, locale in (("1", "C"), ("77", "tr_TR.UTF-8"))
        }
        assert said == {str(reckon(mixed()))}


def mixed():
    rng = random.Random(7)
    return [a_fact(rng.choice(KINDS), days=rng.randrange(300), order=n) for n in range(200)]


class TestArithmetic:
    """By hand, so that anybody can follow it with pencil and paper."""

    def test_dispatch(self):
        # Start 5 × 900; 38 on time × 1 × 1000; 2 late × 8 × 0: 42500 / (5 + 38 + 16) = 720.3
        dispatch = V1.components[0]
        assert component_value(dispatch, forty(late=2), V1, NOW) == Fraction(42500, 59)

    def test_described(self):
        # Start 5 × 800; 20 settled × ½ × 1000; one review 4 and 5 points: 875 × 3; one ruling × 10 × 0
        # = (4000 + 10000 + 2625) / (5 + 10 + 3 + 10)
        held = [a_fact("order_settled") for _ in range(20)]
        held += [a_fact("review", permille=875), a_fact("complaint_upheld")]
        assert component_value(V1.components[1], held, V1, NOW) == Fraction(16625, 28)

    def test_half_a_half_life_leaves_three_quarters(self):
        # One on time 90 days ago: (5 × 900 + ¾ × 1000) / 5¾ = 5250 / 5.75
        held = [a_fact("dispatched_on_time", days=90)]
        assert component_value(V1.components[0], held, V1, NOW) == Fraction(525000, 575)

    def test_the_whole(self):
        found = reckon(forty(late=2, listing_published=5))
        values = [Fraction(42500, 59), Fraction(800), Fraction(750), Fraction(8750, 10)]
        whole = sum(v * w for v, w in zip(values, (35, 30, 20, 15), strict=True)) / 100
        assert found.permille == half_up(whole) == 773
        assert [part.permille for part in found.parts] == [720, 800, 750, 875]
        assert [part.points for part in found.parts] == [252, 240, 150, 131]
        assert found.grade == "B"

    def test_freshness(self):
        assert [freshness(days, 180) * 8 // FRESH for days in (0, 90, 180, 270, 360)] == [8, 6, 4, 3, 2]


class TestGrades:
    @pytest.mark.parametrize(
        ("permille", "grade"),
        [(1000, "A"), (850, "A"), (849, "B"), (750, "B"), (749, "C"), (650, "C"), (649, "D"), (500, "D"),
         (499, "E"), (0, "E")],
    )  # fmt: skip
    def test_bands(self, permille, grade):
        assert V1.band_of(permille).grade == grade

    def test_a_new_shop_has_no_number(self):
        young = reckon(forty()[:29])
        assert (young.grade, young.permille, young.orders) == ("N", None, 29)
        fresh = reckon(forty(), since=NOW - timedelta(days=89))
        assert (fresh.grade, fresh.permille) == ("N", None)
        assert reckon(forty()[:30], since=NOW - timedelta(days=90)).grade != "N"

    def test_an_order_counts_once_however_many_facts_it_has(self):
        twice = [a_fact("dispatched_on_time", order="same") for _ in range(50)]
        assert reckon(twice).orders == 1

    def test_an_early_settlement_costs_nothing(self):
        assert reckon(forty(complaint_agreed=9)).permille == reckon(forty()).permille

    def test_one_bad_order_does_not_sink_a_small_shop(self):
        before, after = reckon(forty()).permille, reckon(forty(complaint_upheld=1)).permille
        assert 0 < before - after < 200


class TestTheStandard:
    def test_its_least_numbers_are_the_policy_of_new_shops(self):
        import tomllib

        text = Path("platform/rulebook/data/policies.toml").read_text(encoding="utf-8")
        policy = next(p for p in tomllib.loads(text)["policies"] if p["name"] == "new_shop.limits")["value"]
        assert policy == {
            "orders": V1.least_orders,
            "days": V1.least_days,
            "extra_hold_days": V1.extra_hold_days,
        }

    def test_every_word_of_it_is_there_in_three_languages(self):
        words = [w for each in V1.components for w in (each.label, each.about)]
        words += [w for kind in V1.kinds.values() for w in (kind.label, kind.why)]
        assert all(set(w) == {"zh-hans", "zh-hant", "en"} and all(w.values()) for w in words)

    def test_better_grades_are_never_paid_later(self):
        delays = [band.payout_delay_days for band in V1.bands]
        assert delays == sorted(delays)

    @pytest.mark.parametrize("slip", ["shares", "bands", "component"])
    def test_a_slip_is_refused(self, slip):
        import json

        data = json.loads((standards.FOLDER / "v1.json").read_text(encoding="utf-8"))
        if slip == "shares":
            data["components"][0]["weight"] = 36
        elif slip == "bands":
            data["bands"][-1]["from"] = 10
        else:
            data["kinds"]["review"]["component"] = "looks"
        with pytest.raises(standards.BadStandard):
            standards.read_standard(data)

    def test_an_unknown_weight_is_the_standards_of_its_day(self):
        heavier = replace(a_fact("dispatch_late"), weight=1)
        assert reckon([*forty(), heavier]).permille > reckon([*forty(), a_fact("dispatch_late")]).permille
