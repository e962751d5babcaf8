"""docker-compose.yml and Dockerfile: valid, complete, closed to the outside, explained (SECURITY 23)."""

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
OWN = ("prepare", "web", "worker", "beat")


def test_the_file_is_valid_by_the_compose_specification():
    schema = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(yaml.safe_load(COMPOSE), json.loads(schema.read_text(encoding="utf-8")))


def test_every_part_of_the_portal_is_there():
    assert {"postgres", "redis", "web", "worker", "beat", "proxy"} <= set(SERVICES)


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["proxy"]


def test_web_and_worker_can_be_scaled():
    for name in ("web", "worker"):
        assert "container_name" not in SERVICES[name]
        assert "ports" not in SERVICES[name]


@pytest.mark.parametrize("name", OWN)
def test_the_portal_runs_without_rights_on_a_read_only_root(name: str):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["environment"]["PORTAL_ENV"] == "production"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_starts_before_database_broker_and_tables_are_there(name: str):
    conditions = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}
    assert conditions == {
        "postgres": "service_healthy",
        "redis": "service_healthy",
        "prepare": "service_completed_successfully",
    }


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ("prepare", "web")])
def test_every_lasting_service_says_whether_it_is_well(name: str):
    assert SERVICES[name]["healthcheck"]["test"]


def test_no_secret_has_a_default():
    secrets = r"\$\{(SECRET_KEY|FIELD_\w+|\w+_PASSWORD)([^}]*)"
    assert [name for name, rest in re.findall(secrets, COMPOSE) if not rest.startswith(":?Set ")] == []


@pytest.mark.parametrize("variable", sorted(set(re.findall(r"\$\{(\w+)", COMPOSE))))
def test_every_variable_of_the_file_is_explained_in_the_readme(variable: str):
    assert f"`{variable}`" in README


IMAGES = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M) + re.findall(r"image: (\S+:\S+)", COMPOSE)


@pytest.mark.parametrize("image", IMAGES)
def test_images_of_others_are_named_by_version(image: str):
    if not image.startswith("jinjiang-portal:"):
        assert re.search(r":\d+\.\d+(?:\.\d+)?-[a-z-]+$", image)


def test_the_image_does_not_run_as_root():
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\S+)", final, re.M)[-1] == "portal"


def test_packages_of_the_image_are_checked_by_hash():
    installs = re.findall(r"pip install [^&\n]*(?:\\\n[^&\n]*)*", DOCKERFILE)
    assert len(installs) == 2
    assert all("--require-hashes" in line for line in installs)


def test_the_image_keeps_no_package_lists_and_no_secret():
    assert DOCKERFILE.count("apt-get install -y --no-install-recommends") == DOCKERFILE.count("apt-get install")
    assert "rm -rf /var/lib/apt/lists/*" in DOCKERFILE
    assert not re.search(r"^(?:ENV|ARG).*(?:SECRET|PASSWORD|KEY)", DOCKERFILE, re.M)
    assert {".git", ".env", "var"} <= set((ROOT / ".dockerignore").read_text().split())


def test_the_image_does_not_fetch_by_address():
    assert not re.search(r"\b(?:ADD|curl|wget)\b|https?://", DOCKERFILE)
