"""A real Celery worker for tests: a process of its own on the test's database, files and broker."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """The address of the database the test itself uses."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgres://{values['USER']}{password}@{values['HOST'] or 'localhost'}{port}/{values['NAME']}"


def environment(**more: str) -> dict[str, str]:
    """What a process needs to work on the test's database, files and broker."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "jinjiang_portal.settings",
        "DATABASE_URL": database_url(),
        "PORTAL_VAR": str(settings.VAR_DIR),
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
        "JOB_TICK_SECONDS": "1",
        "JOB_HEARTBEAT_SECONDS": "1",
        "JOB_STALE_SECONDS": "10",
        **more,
    }


@contextmanager
def celery_worker(**more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with beat, ended when the block is left. Its log stands in <run-time directory>/worker.log."""
    command = [sys.executable, "-m", "celery", "-A", "jinjiang_portal", "worker", "-B", "-c", "1", "-l", "WARNING"]
    command += ["-s", str(settings.VAR_DIR / f"beat-{os.getpid()}")]
    log = (settings.VAR_DIR / "worker.log").open("ab")
    process = subprocess.Popen(command, cwd=ROOT, env=environment(**more), stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()
