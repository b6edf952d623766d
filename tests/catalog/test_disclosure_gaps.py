"""Open food data against the food schema: how many could go on sale, and what lacks most."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.builders.shops import the_catalogue

pytestmark = pytest.mark.django_db
FOODS = Path(__file__).resolve().parents[2] / "catalog" / "data" / "openfoodfacts"


def ask(*files, **options):
    the_catalogue()
    out = StringIO()
    call_command("disclosure_gaps", *map(str, files), category="food", as_json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_none_of_the_real_foods_says_enough_and_each_gap_has_its_duty():
    found = ask(FOODS / "products.csv.gz", columns=FOODS / "columns.json")
    assert (found["products"], found["complete"]) == (1470, 0)
    most = {gap["field"]: gap["products"] for gap in found["gaps"]}
    assert most["maker"] == most["production_date"] == most["shelf_life"] == 1470
    assert most["origin"] < 1470
    assert {gap["duty"] for gap in found["gaps"]} >= {"cn.disclosure.food.label", "cn.price.display"}


def test_completed_ones_could():
    found = ask(FOODS / "products.csv.gz", FOODS / "completed.csv", columns=FOODS / "columns.json")
    assert (found["products"], found["complete"]) == (1470, 29)


def test_an_unknown_file_or_category_is_said():
    with pytest.raises(CommandError):
        ask(Path("/no/such/file.csv"))
    with pytest.raises(CommandError):
        call_command("disclosure_gaps", str(FOODS / "completed.csv"), category="weapons")
