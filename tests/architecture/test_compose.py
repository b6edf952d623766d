"""docker-compose.yml is the deployed shape; it cannot run everywhere, so its rules are checked as text."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.tree import ROOT

FILE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
SITE = {"web", "worker", "beat", "relay", "migrate"}
KEYS = set(
    "build image restart init read_only tmpfs cap_drop security_opt environment secrets volumes networks"
    " depends_on command deploy healthcheck ports shm_size stop_grace_period".split()
)


def test_every_process_of_the_site_is_there() -> None:
    assert set(SERVICES) == SITE | {"proxy", "postgres", "pgbouncer", "redis"}
    assert SERVICES["web"]["deploy"]["replicas"] >= 2


def test_only_known_keys_are_used() -> None:
    assert not {name: extra for name, one in SERVICES.items() if (extra := set(one) - KEYS)}


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["proxy"]
    assert FILE["networks"]["inside"]["internal"] is True
    assert not [name for name, one in SERVICES.items() if name != "proxy" and one["networks"] != ["inside"]]


def test_what_is_named_exists() -> None:
    for name, one in SERVICES.items():
        assert set(one.get("depends_on", {})) <= set(SERVICES), name
        assert set(one.get("secrets", [])) <= set(FILE["secrets"]), name
        for volume in one.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith("./") else source in FILE["volumes"], volume


def test_dependencies_that_are_waited_for_say_when_they_are_healthy() -> None:
    for one in SERVICES.values():
        for other, rule in one.get("depends_on", {}).items():
            if rule["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], other


def test_secrets_are_files_that_the_script_makes(tmp_path: Path) -> None:
    script = tmp_path / "deploy" / "make_secrets.py"
    script.parent.mkdir()
    script.write_text((ROOT / "deploy" / "make_secrets.py").read_text())
    subprocess.run([sys.executable, script], check=True, capture_output=True)
    made = script.parent / "secrets"
    assert made.stat().st_mode & 0o777 == 0o700
    assert {f"deploy/secrets/{path.name}" for path in made.iterdir()} == {
        one["file"] for one in FILE["secrets"].values()
    }
    key = script.parent / "keys" / "master-key.json"
    assert (key.parent.stat().st_mode & 0o777, key.stat().st_mode & 0o777) == (0o700, 0o600)
    first = key.read_text()
    subprocess.run([sys.executable, script], check=True, capture_output=True)
    assert key.read_text() == first


def test_the_keys_lie_where_a_process_can_replace_them_and_no_image_takes_them() -> None:
    names = [name for name, one in SERVICES.items() if "./deploy/keys:/keys" in one.get("volumes", [])]
    assert set(names) == SITE
    assert SERVICES["web"]["environment"]["ANXIN_MASTER_KEY_FILE"].startswith("/keys/")
    assert "deploy/keys" in (ROOT / ".dockerignore").read_text().split()


@pytest.mark.parametrize("name", ["relay", "migrate"])
def test_whoever_needs_sessions_goes_past_the_pooler(name: str) -> None:
    assert (
        SERVICES[name]["environment"]["DATABASE_URL_FILE"]
        != SERVICES["web"]["environment"]["DATABASE_URL_FILE"]
    )


def test_postgres_18_keeps_its_data_below_the_mounted_folder() -> None:
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert "database:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]


def test_images_have_a_version() -> None:
    images = {one["image"] for name, one in SERVICES.items() if name not in SITE}
    assert all(":" in image and not image.endswith(":latest") for image in images)


def test_the_site_s_containers_can_write_nowhere_but_their_volume() -> None:
    assert all(SERVICES[name]["read_only"] and SERVICES[name]["cap_drop"] == ["ALL"] for name in SITE)
