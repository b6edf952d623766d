"""Whoever holds something about a person says so in its app's personal_data.py."""

from importlib import import_module

from django.apps import apps
from django.db import models

from tests.architecture import tree

# The subject itself, its keys and the record of who looked are privacy's own inventory.
OWN = {"privacy"}


def _inventory() -> set[str]:
    """Labels of models that some app's inventory names, whatever the shape of its entries."""
    said: set[str] = set()
    for name, folder in tree.packages().items():
        if (folder / "personal_data.py").is_file():
            entries = import_module(f"{name}.personal_data").FIELDS
            said |= {".".join(str(key).split(".")[:2]) for key in entries}
    return said


def _about_people(model: type[models.Model]) -> bool:
    return any(field.name in ("subject", "subject_id") for field in model._meta.concrete_fields)


def test_every_model_about_a_person_is_in_the_inventory() -> None:
    said = _inventory()
    ours = [model for model in apps.get_models() if model._meta.app_label in set(tree.packages()) - OWN]
    assert not [model._meta.label for model in ours if _about_people(model) and model._meta.label not in said]


def test_the_inventory_names_only_what_exists() -> None:
    known = {model._meta.label for model in apps.get_models()}
    assert sorted(_inventory() - known) == []
