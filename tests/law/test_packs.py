import copy
import json
from datetime import date
from pathlib import Path

import pytest

from law.calendars import read_calendar
from law.disclosures import required_fields
from law.errors import BadPack, RuleNotInForce
from law.pack_reading import read_pack
from law.rules import Confidence
from tests.law.packs import LAW, calendar, china, pack, pack_data

SCHEMAS = sorted((LAW.parent / "catalog" / "schemas").glob("*.json"))
OVERLAYS = sorted((LAW.parent / "catalog" / "schemas" / "overlays").glob("*.json"))


class TestChina:
    def test_every_rule_is_said_in_three_languages_and_short(self):
        for rule in pack().rules:
            assert len(rule.sentence["zh-hans"]) <= 60, rule.id
            assert all(rule.sentence.values()), rule.id

    def test_what_no_full_text_confirms_is_marked(self):
        unsure = {rule.id for rule in pack().rules if rule.confidence is not Confidence.CONFIRMED}
        assert "cn.report.filing" in unsure
        assert "cn.return.window" not in unsure

    def test_mediation_was_the_regulations_before_april_2026_and_order_121_since(self):
        assert pack().rule("cn.complaint.mediation", china(2026, 4, 14, 23)).instrument.number.endswith("778")
        assert pack().rule("cn.complaint.mediation", china(2026, 4, 15)).instrument.number == "Order 121"
        with pytest.raises(RuleNotInForce):
            pack().rule("cn.complaint.mediation", china(2024, 6, 30))

    @pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.stem)
    def test_every_duty_a_way_of_selling_names_is_a_rule(self, path: Path):
        overlay = json.loads(path.read_text(encoding="utf-8"))
        known = {rule.id for rule in pack().rules}
        assert {each["duty"] for each in overlay["fields"] + overlay["licences"]} <= known

    @pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
    def test_every_duty_a_category_names_is_a_rule(self, path: Path):
        schema = json.loads(path.read_text(encoding="utf-8"))
        known = {rule.id for rule in pack().rules}
        duties = {field["duty"] for field in schema["fields"]} | {schema["return_policy"]["duty"]}
        duties |= {licence["duty"] for licence in schema.get("licences", [])}
        assert duties <= known

    @pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
    def test_every_field_the_law_asks_for_is_required_by_the_category_and_no_other(self, path: Path):
        schema = json.loads(path.read_text(encoding="utf-8"))
        required = {(field["key"], field["duty"]) for field in schema["fields"] if field["required"]}
        asked = {(each.field, each.rule_id) for each in required_fields(pack(), schema["slug"])}
        assert asked == required


class TestCalendar:
    def test_the_years_known_are_2019_to_2026(self):
        assert calendar().years == frozenset(range(2019, 2027))

    @pytest.mark.parametrize(
        ("day", "rest"),
        [
            (date(2026, 2, 14), False),  # make-up Saturday
            (date(2026, 2, 15), True),
            (date(2026, 2, 23), True),
            (date(2026, 2, 24), False),
            (date(2026, 9, 20), False),  # make-up Sunday
            (date(2026, 10, 7), True),
            (date(2025, 1, 26), False),  # make-up Sunday
            (date(2027, 5, 1), True),  # by statute, though 2027 is not announced
            (date(2027, 10, 4), False),  # a Monday that only a notice could free
        ],
    )
    def test_rest_days_and_make_up_days(self, day, rest):
        assert calendar().is_rest(day) is rest

    def test_a_day_cannot_be_both(self):
        data = {
            "place": "XX", "version": "1", "rest_weekdays": [], "fixed_rest": [],
            "years": {"2026": {"off": ["2026-01-01"], "work": ["2026-01-01"]}},
        }  # fmt: skip
        with pytest.raises(BadPack, match="both"):
            read_calendar(data)

    @pytest.mark.parametrize("years", [{"26": {}}, {"2026": {"off": ["2026-02-30"]}}, {"2026": {"free": []}}])
    def test_slips_are_refused(self, years):
        data = {"place": "XX", "version": "1", "rest_weekdays": [5], "fixed_rest": [], "years": years}
        with pytest.raises(BadPack):
            read_calendar(data)


class TestBadPacks:
    def changed(self, change):
        data = copy.deepcopy(pack_data())
        change(data)
        return data

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            (lambda d: d["rules"][0].update(n=-1), "cn.return.window"),
            (lambda d: d["rules"][0].update(unit="moon"), "cn.return.window"),
            (lambda d: d["rules"][0].update(n=10**9), "cn.return.window"),
            (lambda d: d["rules"][0].update(id="CN Return"), "CN Return"),
            (lambda d: d["rules"][0].update(zone="Mars/Olympus"), "cn.return.window"),
            (lambda d: d["rules"][0]["sentence"].pop("en"), "cn.return.window"),
            (lambda d: d["rules"][0].update(instrument="gossip"), "cn.return.window"),
            (lambda d: d["rules"][0].pop("trigger"), "cn.return.window"),
            (lambda d: d["rules"][0].update(in_force_to="2017-03-14"), "cn.return.window"),
            (lambda d: d["disclosures"]["food"].update({"cn.nothing": ["x"]}), "disclosures.food"),
            (lambda d: d.update(rules=[]), "pack"),
            (lambda d: d.pop("version"), "pack"),
            (lambda d: d["rules"].append("a rule"), "pack"),
        ],
    )
    def test_a_slip_is_refused_where_it_is(self, change, where):
        with pytest.raises(BadPack) as caught:
            read_pack(self.changed(change))
        assert where in caught.value.where
