"""The portal's settings for tests: the same file, with a run-time directory and services of this process's own.

Only what the environment already lets one choose is chosen here, before the settings are read. A process started by a
test (a Celery worker, a management command) inherits the choice.
"""

import atexit
import os
import shutil
import tempfile

_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
# Said once a test process: what it starts must share its directory, not get another.
if os.environ.get("PORTAL_TEST_PROCESS", "none") != _worker:
    os.environ["PORTAL_TEST_PROCESS"] = _worker
    _place = os.environ.get("PORTAL_VAR")
    if _place is None:
        _place = tempfile.mkdtemp(prefix="portal-tests-")
        atexit.register(shutil.rmtree, _place, ignore_errors=True)
    os.environ["PORTAL_VAR"] = os.path.join(_place, _worker)
    # The web server warns when the directory of collected files is not there, and warnings are errors.
    os.makedirs(os.path.join(os.environ["PORTAL_VAR"], "static"), exist_ok=True)
    # The second tier: one numbered Redis database for each worker.
    if _redis := os.environ.get("TEST_REDIS_URLS", "").split():
        _url = _redis[int(_worker.removeprefix("gw") or 0) % len(_redis)]
        os.environ["REDIS_URL"] = os.environ["CELERY_BROKER_URL"] = _url

from jinjiang_portal.settings import *  # noqa: E402, F403
