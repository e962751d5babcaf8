"""The lock has hashes for every package, satisfies pyproject.toml and names no host (SECURITY 22)."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text()


def locked() -> dict[str, tuple[Version, int]]:
    """Package → (version, number of hashes) of the lock."""
    found: dict[str, tuple[Version, int]] = {}
    for entry in re.split(r"\n(?=[a-zA-Z0-9])", LOCK):
        name, version = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^ ;\\]+)", entry).groups()  # type: ignore[union-attr]
        found[canonicalize_name(name)] = (Version(version), entry.count("--hash=sha256:"))
    return found


def wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [Requirement(line) for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]]


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_the_lock_satisfies_what_the_project_asks_for(requirement: Requirement):
    version, _hashes = locked()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version, prereleases=True), "run `make lock`"


def test_every_locked_package_has_hashes():
    assert [name for name, (_version, hashes) in locked().items() if not hashes] == []


def test_the_lock_names_no_host_and_no_directory():
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links|file:|@ ", LOCK) == []
