"""The test command: the whole suite on SQLite and the filesystem broker, then its tier part on PostgreSQL and Redis.

A tier that is not there is left out with a sentence; under CI=true that is a failure. Used by `make test`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from xml.etree import ElementTree

import psycopg
import redis

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_DATABASE = "postgres://postgres@localhost:5432/postgres"
DEFAULT_REDIS = "redis://localhost:6379"
# Redis keeps 16 numbered databases unless told otherwise.
REDIS_NUMBERS = range(15, 0, -1)


class TierMissing(Exception):
    """A service of the second tier is not there; the text says which and what to do."""


@dataclass(frozen=True)
class Outcome:
    """How one tier ended."""

    name: str
    tests: int
    failed: int
    status: int

    @property
    def sentence(self) -> str:
        """`sqlite+filesystem passed (812 tests)` or `… FAILED (3 of 812 tests)`."""
        if self.status == 0:
            return f"{self.name} passed ({self.tests} tests)"
        return f"{self.name} FAILED ({self.failed} of {self.tests} tests)"


def database_for_tests(url: str, tree: Path) -> str:
    """The URL with a database name of this tree's own, so that two clones on one machine do not meet."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path="/portal_" + hashlib.sha256(str(tree).encode()).hexdigest()[:8]))


def reach_database(url: str) -> str:
    """The URL when PostgreSQL answers there; raises `TierMissing`."""
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        raise TierMissing(
            f"PostgreSQL does not answer at {without_password(url)} ({str(error).strip().splitlines()[-1]}). "
            "Start it there or name another one in TEST_DATABASE_URL."
        ) from error
    return url


def reach_redis(url: str, count: int) -> list[str]:
    """URLs of `count` empty numbered databases of the Redis there; raises `TierMissing`."""
    base = urlunsplit(urlsplit(url)._replace(path=""))
    found: list[str] = []
    try:
        for number in REDIS_NUMBERS:
            with redis.Redis.from_url(f"{base}/{number}", socket_timeout=3, socket_connect_timeout=3) as server:
                if server.dbsize() == 0:
                    found.append(f"{base}/{number}")
            if len(found) == count:
                return found
    except redis.RedisError as error:
        raise TierMissing(
            f"Redis does not answer at {without_password(url)} ({error}). "
            "Start it there or name another one in TEST_REDIS_URL."
        ) from error
    raise TierMissing(
        f"Redis at {without_password(url)} has only {len(found)} empty numbered databases and the tests need {count}. "
        "Name another one in TEST_REDIS_URL."
    )


def without_password(url: str) -> str:
    """The URL as it may be printed."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port}" if parts.port else f"{parts.scheme}://{parts.hostname}"


def read_counts(report: Path) -> tuple[int, int]:
    """Tests run and tests failed according to a JUnit file; (0, 0) when pytest did not get as far as writing it."""
    if not report.exists():
        return 0, 0
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    tests = failed = 0
    for suite in suites:
        tests += int(suite.get("tests", 0)) - int(suite.get("skipped", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return tests, failed


def run_tier(name: str, arguments: Sequence[str], environment: Mapping[str, str], workers: int) -> Outcome:
    """Run pytest for one tier with its own run-time directory, which is removed afterwards."""
    print(f"\n== {name}", flush=True)
    with tempfile.TemporaryDirectory(prefix="portal-tests-") as place:
        report = Path(place) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-n", str(workers), f"--junitxml={report}", *arguments]
        status = subprocess.run(command, cwd=ROOT, env={**environment, "PORTAL_VAR": place}).returncode
        tests, failed = read_counts(report)
    return Outcome(name, tests, failed, status)


def second_tier(environment: Mapping[str, str], workers: int) -> tuple[dict[str, str], list[str]]:
    """What the environment of the second tier holds besides, and the Redis databases it uses; raises `TierMissing`."""
    url = reach_database(environment.get("TEST_DATABASE_URL") or DEFAULT_DATABASE)
    numbered = reach_redis(environment.get("TEST_REDIS_URL") or DEFAULT_REDIS, workers)
    return {"DATABASE_URL": database_for_tests(url, ROOT), "TEST_REDIS_URLS": " ".join(numbered)}, numbered


def clean_redis(urls: Sequence[str]) -> None:
    """Empty the numbered databases that were empty before the tests."""
    for url in urls:
        with redis.Redis.from_url(url) as server:
            server.flushdb()


def end(outcomes: Sequence[Outcome], absent: str, strict: bool) -> tuple[str, int]:
    """The closing line and the exit status of the test command."""
    line = "tiers: " + ", ".join(outcome.sentence for outcome in outcomes)
    status = next((1 for outcome in outcomes if outcome.status), 0)
    if absent:
        line += f", postgresql+redis NOT RUN: {absent}"
        if strict:
            line += "\nCI=true asks for both tiers, so this run has failed."
            status = 1
    return line, status


def main(arguments: Sequence[str]) -> int:
    """Run both tiers and print which ran. Further arguments go to pytest (for example a path)."""
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    environment.pop("CELERY_BROKER_URL", None)
    workers = int(environment.get("TEST_WORKERS") or os.cpu_count() or 2)
    outcomes = [run_tier("sqlite+filesystem", arguments, environment, workers)]
    absent = ""
    try:
        more, numbered = second_tier(environment, workers)
    except TierMissing as missing:
        absent = str(missing)
    else:
        try:
            outcomes.append(run_tier("postgresql+redis", ["-m", "tier", *arguments], {**environment, **more}, workers))
        finally:
            clean_redis(numbered)
    line, status = end(outcomes, absent, environment.get("CI", "").lower() == "true")
    print(f"\n{line}", flush=True)
    return status


if __name__ == "__main__":
    if shutil.which("chromium") is None:
        sys.exit("The browser tests need Chromium: run `make test`, which installs it or says how.")
    sys.exit(main(sys.argv[1:]))
