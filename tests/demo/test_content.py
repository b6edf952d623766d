"""The demonstration's texts are data: whole, honest, and in step with the schemas."""

import csv
import gzip
import hashlib
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "platform" / "demo" / "content"
PICTURES = ROOT / "platform" / "web" / "static"
MATS = {"sand", "moss", "mist", "clay", "wheat"}
ABSOLUTE = re.compile(r"最|国家级|顶级|极品|第一品牌|全网|唯一|根治|治疗|best|No\. ?1", re.IGNORECASE)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


SCHEMAS = {path.stem: read(path) for path in (ROOT / "catalog" / "schemas").glob("*.json")}
PROMISES = {promise["key"] for promise in read(ROOT / "catalog" / "data" / "promises.json")["promises"]}
MERCHANTS = {merchant["slug"]: merchant for merchant in read(CONTENT / "merchants.json")["merchants"]}
LISTINGS = [row for path in sorted((CONTENT / "listings").glob("*.json")) for row in read(path)["listings"]]
LIVE = [row for row in LISTINGS if not row.get("draft")]


def demanded(field, attributes):
    rule = field.get("required_if")
    return field["required"] or (rule is not None and attributes.get(rule["field"]) in rule["in"])


def gaps(row):
    fields = SCHEMAS[row["category"]]["fields"]
    found = row["attributes"]
    return [field["key"] for field in fields if demanded(field, found) and not found.get(field["key"])]


def fits(field, value):
    if field["type"] == "date":
        return date.fromisoformat(value) <= date(2026, 7, 24)
    if field["type"] == "duration_days":
        return isinstance(value, int) and 0 < value <= field["maximum"]
    if field["type"] == "quantity":
        return Decimal(value["value"]) > 0 and value["unit"] in {unit["value"] for unit in field["units"]}
    if field["type"] == "choice":
        return value in {option["value"] for option in field["choices"]}
    if field["type"] == "list":
        return bool(value) and all(isinstance(part, str) and part for part in value)
    return isinstance(value, str) and 0 < len(value) <= field["max_length"]


def permitted(row):
    policy = SCHEMAS[row["category"]]["return_policy"]
    ruled = [r for r in policy["by_field"] if row["attributes"].get(r["field"]) in r["in"]]
    if ruled:
        return {ruled[0]["excludes_return"]}
    return (set(policy["allowed"]) - {"never"}) | {policy["excludes_return"]}


def test_there_are_enough_listings_of_every_kind():
    assert len(LIVE) >= 150
    assert 8 <= len(LISTINGS) - len(LIVE) <= 12
    assert {row["category"] for row in LIVE} == set(SCHEMAS)
    assert {row["merchant"] for row in LIVE} == set(MERCHANTS)
    assert len({(row["merchant"], row["code"]) for row in LISTINGS}) == len(LISTINGS)
    assert sum("zh-hant" in row["title"] for row in LIVE) >= 50
    assert sum("en" in row["title"] for row in LIVE) >= 50


def test_there_are_twelve_merchants_and_every_grade():
    assert len(MERCHANTS) == 12
    assert {merchant["intended_grade"] for merchant in MERCHANTS.values()} == {"A", "B", "C", "D", "N"}
    assert len({merchant["licence_number"] for merchant in MERCHANTS.values()}) == 12
    for merchant in MERCHANTS.values():
        assert re.fullmatch(r"91000000[0-9A-Z]{10}", merchant["licence_number"])
        assert "示例" in merchant["address_public"]
        assert set(merchant["promises"]) <= PROMISES


@pytest.mark.parametrize("row", LISTINGS, ids=lambda row: row["code"])
def test_a_listing_answers_its_schema(row):
    fields = {field["key"]: field for field in SCHEMAS[row["category"]]["fields"]}
    assert set(row["attributes"]) <= set(fields)
    assert {key for key, value in row["attributes"].items() if not fits(fields[key], value)} == set()
    assert gaps(row) == row.get("gap", [])


@pytest.mark.parametrize("row", LISTINGS, ids=lambda row: row["code"])
def test_a_listing_has_price_picture_and_lawful_terms(row):
    assert row["price_minor"] > 0
    assert row["freight_minor"] >= 0
    assert row["stock"] > 0
    assert (PICTURES / row["picture"]["src"]).is_file()
    assert row["picture"]["mat"] in MATS
    assert set(row["picture"]["alt"]) == {"zh-hans", "zh-hant", "en"}
    assert set(row["terms"]["promises"]) <= PROMISES
    assert row["terms"]["excludes_return"] in permitted(row)


@pytest.mark.parametrize("row", LISTINGS, ids=lambda row: row["code"])
def test_a_listing_boasts_of_nothing_that_nobody_can_check(row):
    spoken = [*row["title"].values(), *row["description"].values()]
    spoken += [value for value in row["attributes"].values() if isinstance(value, str)]
    assert [text for text in spoken if ABSOLUTE.search(text)] == []
    assert 6 <= len(row["title"]["zh-hans"]) <= 40


def test_every_picture_is_small_and_listed_with_its_digest():
    folder = PICTURES / "pictures"
    lines = (folder / "SHA256SUMS").read_text().split("\n")
    listed = {name: digest for digest, name in (line.split("  ") for line in lines if line)}
    files = {path.name: path.read_bytes() for path in folder.glob("*.webp")}
    assert set(files) == set(listed)
    assert "MIT License" in (folder / "NOTICE.txt").read_text()
    for name, data in files.items():
        assert len(data) <= 40 * 1024, name
        assert hashlib.sha256(data).hexdigest() == listed[name], name


def test_the_second_food_file_completes_products_of_the_first():
    folder = ROOT / "catalog" / "data" / "openfoodfacts"
    with gzip.open(folder / "products.csv.gz", "rt", encoding="utf-8", newline="") as file:
        known = {row["code"] for row in csv.DictReader(file)}
    with (folder / "completed.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    fields = SCHEMAS["food"]["fields"]
    assert len(rows) >= 25
    for row in rows:
        assert row["code"] in known
        assert Decimal(row["price"]) > 0
        assert [field["key"] for field in fields if demanded(field, row) and not row.get(field["key"])] == []
        assert "演示" in row["maker"], row["code"]


def test_the_column_map_names_only_columns_and_fields_that_exist():
    folder = ROOT / "catalog" / "data" / "openfoodfacts"
    mapping = read(folder / "columns.json")
    with gzip.open(folder / "products.csv.gz", "rt", encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    ours = {field["key"] for field in SCHEMAS["food"]["fields"]} | {"code", "title_en", "description_en"}
    assert set(mapping["columns"]) | set(mapping["not_taken"]) <= set(header)
    assert {name for names in mapping["columns"].values() for name in names} <= ours


PEOPLE = read(CONTENT / "people.json")
STORIES = read(CONTENT / "stories.json")
CODES = {row["code"]: row for row in LIVE}
GROUNDS = {"not_received", "damaged", "faulty", "not_as_described", "wrong_goods", "counterfeit", "unsafe"}
RULES = set(
    re.findall(r'^id = "([^"]+)"', (ROOT / "law" / "packs" / "cn.toml").read_text("utf-8"), re.MULTILINE)
)


def test_the_shoppers_are_invented_and_reachable_by_nobody():
    people = PEOPLE["people"]
    assert len(people) >= 24
    assert len({person["email"] for person in people}) == len(people)
    for person in people + PEOPLE["staff"]:
        assert person["email"].endswith("@example.com")
        assert person["locale"] in {"zh-hans", "zh-hant", "en"}
    assert all(person["phone"].startswith("000") and "示例" in person["address"] for person in people)


def test_there_are_enough_stories_and_all_are_about_goods_on_sale():
    complaints, reviews = STORIES["complaints"], STORIES["reviews"]
    assert len(complaints) >= 30
    assert len(reviews) >= 60
    assert len({story["key"] for story in complaints + reviews}) == len(complaints + reviews)
    for story in complaints + reviews:
        assert CODES[story["code"]]["merchant"] == story["merchant"]
    for review in reviews:
        assert set(review["scores"]) == {"goods", "delivery", "aftersales"} == set(review["texts"])
        assert all(1 <= score <= 5 for score in review["scores"].values())
        assert all(text.strip() for text in review["texts"].values())


@pytest.mark.parametrize("story", STORIES["complaints"], ids=lambda story: story["key"])
def test_a_complaint_can_be_filed_answered_and_decided_as_written(story):
    fields = {field["key"] for field in SCHEMAS[CODES[story["code"]]["category"]]["fields"]}
    assert story["category"] in GROUNDS | {"return_refused", "other"}
    assert story["field"] in fields | {""}
    assert 0 < story["claim_share"] <= 1
    assert story["claim_share"] == 1 or story["wish"] == "part_refund"
    assert all((PICTURES / "pictures" / name).is_file() for name in story["evidence"])
    answer, reply, decision = story["answer"], story["reply"], story["decision"]
    if answer:
        assert answer["kind"] in {"accept", "offer", "contest"}
        assert ("offer_share" in answer) == (answer["kind"] == "offer")
        assert answer.get("offer_share", 0) <= story["claim_share"]
    if reply:
        assert reply["kind"] in {"refer", "withdraw"} | ({"accept"} if "offer_share" in answer else set())
    if decision:
        least, most = {
            "upheld": (story["claim_share"], story["claim_share"]),
            "partly": (0.01, story["claim_share"] - 0.01),
            "refused": (0, 0),
        }[decision["outcome"]]
        assert least <= decision["share"] <= most
        assert decision["rule_ids"] and set(decision["rule_ids"]) <= RULES
        assert story["silent"] or (reply and reply["kind"] == "refer")
