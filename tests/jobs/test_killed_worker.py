"""kill -9 of the worker at 20 random moments while reports are made: every build ends, once (SECURITY 15).

Runs on SQLite with the filesystem broker, and again on PostgreSQL with Redis.
"""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings

from jinjiang_portal.accounts.models import Notice
from jinjiang_portal.files.models import StoredFile
from jinjiang_portal.jobs.models import Job
from reports import workflow
from reports.models import Build
from tests.celery_worker import ROOT, environment
from tests.factories import UserFactory
from tests.scenes import build_scene

KILLS, SEED = 20, 20240628
STARTS_IN, ENDS_IN = 60, 120  # seconds

pytestmark = [pytest.mark.jobs, pytest.mark.tier, pytest.mark.django_db(transaction=True)]


def start_worker(number: int) -> subprocess.Popen:
    """A worker with beat in a process group of its own, so that nothing of it survives the kill."""
    command = [sys.executable, "-m", "celery", "-A", "jinjiang_portal", "worker", "-B", "-P", "solo", "-l", "ERROR"]
    command += ["-s", str(settings.VAR_DIR / f"beat-{number}")]
    quick = {"JOB_TICK_SECONDS": "0.5", "JOB_HEARTBEAT_SECONDS": "0.3", "JOB_STALE_SECONDS": "1.5"}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(JOB_MAX_ATTEMPTS="1000", **quick), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def kill(worker: subprocess.Popen) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def wait_until(true, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def build_again(side, number: int) -> None:
    """Ask for a build whose inputs differ from all before, so that there is work to be killed."""
    report = workflow.open_reports(side.contract)[0]
    section = report.sections.first()
    workflow.save_section(report, section.key, f"第{number}次修改的文字。", section.version, side.manager)
    workflow.request_build(report, side.manager)


def test_every_build_ends_once_though_the_worker_is_killed_twenty_times(settings):
    settings.JOB_MAX_ATTEMPTS = 1000
    chance = random.Random(SEED)
    scene = build_scene()
    UserFactory()
    sides, asked = [scene.own, scene.foreign], 0
    for number in range(KILLS):
        for side in sides:
            if not Build.objects.filter(report__contract=side.contract, running=True).exists():
                asked += 1
                build_again(side, asked)
        worker = start_worker(number)
        try:
            known = set(Job.objects.filter(state="running").values_list("lease", flat=True))
            begun = wait_until(
                lambda known=known: Job.objects.filter(state="running").exclude(lease__in=known).exists(), STARTS_IN
            )
            assert begun, "the worker took up no job"
            time.sleep(chance.uniform(0, 0.8))
        finally:
            kill(worker)
    last = start_worker(KILLS)
    try:
        ended = wait_until(lambda: not Job.objects.exclude(state__in=["done", "failed", "cancelled"]).exists(), ENDS_IN)
    finally:
        kill(last)
    assert ended, "jobs were lost"
    builds = list(Build.objects.all())
    assert len(builds) == asked
    assert {build.job.state for build in builds} == {"done"}
    assert all(build.pdf_id and build.workbook_id and not build.running for build in builds)
    assert StoredFile.objects.count() == 2 * len(builds), "a build left a file too many"
    told = Notice.objects.filter(key__startswith="build-done:")
    assert told.count() == len(builds), "somebody was not told"
    assert Job.objects.filter(attempt__gt=1).exists(), "no job was ever interrupted"
    print(f"seed {SEED}: {KILLS} kills, {len(builds)} builds, {Job.objects.count()} jobs, 0 lost, 0 doubled")  # noqa: T201
