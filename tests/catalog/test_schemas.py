"""The disclosure schemas are data: these tests keep the data whole."""

import json

import pytest
from django.contrib.staticfiles import finders

from catalog.categories import DEPARTMENTS, schema_files

WHOLE = {each["slug"]: each for each in schema_files()}
SLUGS = list(WHOLE)
LOCALES = {"zh-hans", "zh-hant", "en"}
TYPES = {"text", "longtext", "date", "duration_days", "quantity", "choice", "list"}
SECTIONS = {"identity", "origin", "quality", "use", "warnings", "aftersales"}
VOUCHERS = {"declared", "platform", "laboratory"}
PLACES = {"page", "card", "checkout"}
COVERED = ["product_name", "specification", "origin", "how_to_use", "warnings", "aftersales"]
MADE_BY_SOMEBODY = ["maker", "maker_address"]
# Who sells what they used can't always know who made it.
USED = {"second-hand"}


def schema(slug):
    return WHOLE[slug]


def fields(slug):
    return {field["key"]: field for field in schema(slug)["fields"]}


def spoken(texts):
    return set(texts) == LOCALES and all(text.strip() for text in texts.values())


def test_every_kind_of_goods_has_its_schema():
    assert set(SLUGS) == {
        "food", "health-food", "fresh", "cosmetics", "textiles", "electronics", "home", "toys-baby",
        "books-media", "digital", "custom-made", "services", "second-hand",
    }  # fmt: skip


def test_every_category_stands_in_one_department():
    tree = json.loads(DEPARTMENTS.read_text(encoding="utf-8"))
    assert sorted(slug for each in tree for slug in each["categories"]) == sorted(SLUGS)
    assert all(spoken(each["names"]) for each in tree)


def test_cross_border_is_asked_of_any_goods_that_customs_clears():
    crossing = {slug for slug in SLUGS if "supply_route" in fields(slug)}
    assert crossing == {
        "food", "health-food", "cosmetics", "textiles", "electronics", "home", "toys-baby", "books-media",
    }  # fmt: skip
    food = fields("food")
    assert food["standards_notice"]["required_if"] == {"field": "supply_route", "in": ["bonded", "direct"]}
    assert food["standards_notice"]["shown"] == ["page", "checkout"]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_category_speaks_three_languages_and_has_a_picture(slug):
    found = schema(slug)
    assert found["slug"] == slug
    assert found["schema_version"] >= 1
    assert spoken(found["names"])
    assert spoken(found["lead"])
    assert finders.find(found["picture"])
    assert {section["key"] for section in found["sections"]} == SECTIONS
    assert all(spoken(section["label"]) for section in found["sections"])


@pytest.mark.parametrize("slug", SLUGS)
def test_every_field_is_named_explained_and_tied_to_a_duty(slug):
    found = schema(slug)["fields"]
    assert len({field["key"] for field in found}) == len(found)
    for field in found:
        assert field["type"] in TYPES, field["key"]
        assert field["section"] in SECTIONS, field["key"]
        assert field["vouch"] in VOUCHERS, field["key"]
        assert {"page"} <= set(field["shown"]) <= PLACES, field["key"]
        assert field["duty"].startswith("cn."), field["key"]
        assert spoken(field["label"]), field["key"]
        assert spoken(field["help"]), field["key"]


@pytest.mark.parametrize("slug", SLUGS)
def test_choices_units_and_conditions_can_be_followed(slug):
    found = fields(slug)
    for field in found.values():
        assert ("choices" in field) == (field["type"] == "choice"), field["key"]
        assert ("units" in field) == (field["type"] == "quantity"), field["key"]
        for option in field.get("choices", []) + field.get("units", []):
            assert spoken(option["label"]), field["key"]
        if "required_if" in field:
            asked = found[field["required_if"]["field"]]
            assert set(field["required_if"]["in"]) <= {option["value"] for option in asked["choices"]}
            assert field["required"] is False, field["key"]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_category_covers_what_the_buyer_must_know(slug):
    found = fields(slug)
    for key in COVERED if slug in USED else COVERED + MADE_BY_SOMEBODY:
        assert found[key]["required"], key
    judged = [found[key] for key in ("standard", "quality_grade", "performance", "works") if key in found]
    assert any(field["required"] or "required_if" in field for field in judged)


@pytest.mark.parametrize("slug", ["food", "health-food", "cosmetics"])
def test_what_spoils_has_a_date_and_a_shelf_life(slug):
    assert fields(slug)["production_date"]["required"]
    assert fields(slug)["shelf_life"]["required"]
    assert fields(slug)["ingredients"]["required"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_return_policy_never_takes_more_than_the_law_lets_it(slug):
    policy = schema(slug)["return_policy"]
    assert policy["excludes_return"] in policy["allowed"]
    assert set(policy["allowed"]) <= {None, "confirm", "never"}
    assert bool(policy["reason"]) == (policy["excludes_return"] is not None)
    assert policy["duty"] == "cn.disclosure.return_excluded"
    assert spoken(policy["note"])
    for rule in policy["by_field"]:
        values = {option["value"] for option in fields(slug)[rule["field"]]["choices"]}
        assert set(rule["in"]) <= values
        assert rule["excludes_return"] in {"confirm", "never"}
        assert isinstance(rule["fresh"], bool)


def test_only_what_the_law_leaves_out_is_excluded_as_a_whole():
    never = {slug for slug in SLUGS if schema(slug)["return_policy"]["excludes_return"] == "never"}
    assert never == {"digital", "custom-made", "fresh", "services"}
