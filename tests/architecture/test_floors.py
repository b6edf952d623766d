"""The floors themselves are checked by import-linter (`dev check`); here: that nobody stands outside them."""

import tomllib

from tests.architecture import tree

SETTINGS = tomllib.loads((tree.ROOT / "pyproject.toml").read_text())
LINTER = SETTINGS["tool"]["importlinter"]


def test_every_package_is_in_the_floors_contract() -> None:
    floors = next(contract for contract in LINTER["contracts"] if contract["name"].startswith("Floors"))
    named = {word for layer in floors["layers"] for word in layer.replace("|", " ").replace(":", " ").split()}
    assert named == set(LINTER["root_packages"]) == set(tree.packages())


def test_no_contract_ignores_an_import() -> None:
    assert not [contract["name"] for contract in LINTER["contracts"] if contract.get("ignore_imports")]


def test_every_app_with_models_has_an_inner_contract() -> None:
    held = {name for contract in LINTER["contracts"] for name in contract.get("containers", [])}
    apps = {name for name, folder in tree.packages().items() if (folder / "models.py").is_file()}
    assert apps - {"web"} <= held


def test_types_are_checked_in_every_package() -> None:
    assert set(SETTINGS["tool"]["mypy"]["packages"]) == set(tree.packages())
