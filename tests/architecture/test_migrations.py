"""Migrations: complete, in one line per app, and named for what they do."""

import re

from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.architecture import tree


def test_models_and_migrations_agree(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_history_is_one_line_per_app() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {config.label for config in apps.get_app_configs() if config.label in tree.packages()}
    assert not {app: nodes for app in ours if len(nodes := loader.graph.leaf_nodes(app)) > 1}


def test_migrations_are_named_for_what_they_do() -> None:
    names = [
        path
        for path in tree.sources(migrations=True)
        if "migrations" in path.parts and path.stem != "__init__"
    ]
    assert not [tree.short(path) for path in names if re.search(r"_auto_|_initial$|^\d+$", path.stem)]


def test_migrations_carry_no_rules_of_the_trade() -> None:
    # Django names fields, enums and defaults in a migration; use cases change and are not replayed.
    stable = re.compile(r"kernel\.|[.](fields|ids|states|lifecycle|migrations[.]\w+|models([.]\w+)?)$")
    pattern = re.compile(r"^(?:from|import) (\w+[.\w]*)", re.MULTILINE)
    found = [
        f"{tree.short(path)}: {module}"
        for path in tree.sources(migrations=True)
        if "migrations" in path.parts
        for module in pattern.findall(path.read_text())
        if module.split(".")[0] in tree.packages() and not stable.search(module)
    ]
    assert not found
