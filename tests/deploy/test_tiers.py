"""The test command says which tiers ran; under CI a missing one is a failure."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings

from jinjiang_portal.deploy import tiers

PASSED = tiers.Outcome("sqlite+filesystem", 812, 0, 0)
FAILED = tiers.Outcome("postgresql+redis", 40, 3, 1)
NOWHERE = "postgres://postgres:hidden@127.0.0.1:1/postgres"


def test_the_closing_line_names_both_tiers():
    line, status = tiers.end([PASSED, tiers.Outcome("postgresql+redis", 40, 0, 0)], "", strict=True)
    assert line == "tiers: sqlite+filesystem passed (812 tests), postgresql+redis passed (40 tests)"
    assert status == 0


def test_a_failed_tier_fails_the_command():
    line, status = tiers.end([PASSED, FAILED], "", strict=False)
    assert line.endswith("postgresql+redis FAILED (3 of 40 tests)")
    assert status == 1


@pytest.mark.parametrize(("strict", "expected"), [(False, 0), (True, 1)])
def test_a_missing_tier_is_said_and_fails_only_under_ci(strict: bool, expected: int):
    line, status = tiers.end([PASSED], "PostgreSQL does not answer.", strict)
    assert "postgresql+redis NOT RUN: PostgreSQL does not answer." in line
    assert status == expected


def test_a_service_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(tiers.TierMissing, match=r"127\.0\.0\.1:1 .*TEST_DATABASE_URL") as raised:
        tiers.reach_database(NOWHERE)
    assert "hidden" not in str(raised.value)
    with pytest.raises(tiers.TierMissing, match="TEST_REDIS_URL"):
        tiers.reach_redis("redis://127.0.0.1:1", 1)


def test_two_clones_on_one_machine_use_two_databases():
    one, two = (tiers.database_for_tests(NOWHERE, Path(tree)) for tree in ("/a", "/b"))
    assert one != two
    assert re.fullmatch(r"postgres://postgres:hidden@127\.0\.0\.1:1/portal_[0-9a-f]{8}", one)


def test_counts_are_read_from_the_report(tmp_path: Path):
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="10" skipped="2" failures="1" errors="1"/></testsuites>')
    assert tiers.read_counts(report) == (8, 2)
    assert tiers.read_counts(tmp_path / "none.xml") == (0, 0)


def test_each_test_process_has_a_run_time_directory_of_its_own():
    assert str(settings.VAR_DIR) == os.environ["PORTAL_VAR"].rstrip("/")
    assert settings.VAR_DIR.name == os.environ.get("PYTEST_XDIST_WORKER", settings.VAR_DIR.name)
    assert settings.VAR_DIR != settings.BASE_DIR / "var"
