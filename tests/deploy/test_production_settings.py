"""A wrong deployment does not start, and says why; a right one passes Django's own check (SECURITY 23)."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RIGHT = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "Gx7_" + "q9ZpR2mT" * 8,
    "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "FIELD_HASH_KEY": "h4" * 20,
    "ALLOWED_HOSTS": "portal.example.cn",
}


def check(place: Path, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "jinjiang_portal.settings",
        "PORTAL_VAR": str(place),
        **settings,
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_a_right_deployment_has_nothing_to_warn_of(tmp_path: Path):
    done = check(tmp_path, RIGHT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "FIELD_HASH_KEY", "ALLOWED_HOSTS"])
def test_a_missing_variable_stops_the_start_with_a_sentence(tmp_path: Path, name: str):
    done = check(tmp_path, {key: value for key, value in RIGHT.items() if key != name})
    assert done.returncode != 0
    assert re.search(rf"ImproperlyConfigured: {name} is not set\. .+\.", done.stderr)


def test_debug_in_production_stops_the_start_with_a_sentence(tmp_path: Path):
    done = check(tmp_path, {**RIGHT, "DEBUG": "on"})
    assert done.returncode != 0
    assert "Production must run with DEBUG off" in done.stderr


def test_every_variable_of_the_settings_is_explained_in_the_readme():
    found: set[str] = set()
    for path in ("settings.py", "deploy/gunicorn_conf.py", "deploy/serve.py", "deploy/tiers.py"):
        text = (ROOT / "jinjiang_portal" / path).read_text(encoding="utf-8")
        found |= set(re.findall(r'(?:env(?:\.\w+)?|secret|environ(?:ment)?\.get)\(\s*"([A-Z_]+)"', text))
    assert sorted(name for name in found if f"`{name}`" not in README and name != "CI") == []
