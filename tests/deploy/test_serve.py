"""`make run`: one Ctrl-C ends everything, a part that falls ends the rest, and the second start is quick."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from jinjiang_portal.deploy import serve

ROOT = Path(__file__).resolve().parents[2]
SECOND_START_SECONDS = 10
SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def handlers() -> Iterator[None]:
    """The signal handlers as they were."""
    kept = {number: signal.getsignal(number) for number in serve.ENDINGS}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.usefixtures("handlers")
def test_a_part_that_ends_by_itself_ends_the_rest_and_is_named(tmp_path: Path):
    started = tmp_path / "pid"
    lasting = [
        sys.executable,
        "-c",
        f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(60)",
    ]
    falling = [sys.executable, "-c", f"import os, time\nwhile not os.path.exists({str(started)!r}): time.sleep(0.05)"]
    assert serve.supervise({"The lasting": lasting, "The falling": falling}) == "The falling"
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", serve.ENDINGS)
def test_being_asked_to_end_is_no_failure(number: signal.Signals):
    timer = threading.Timer(1, os.kill, (os.getpid(), number))
    timer.start()
    assert serve.supervise({"One": SLEEPER, "Two": SLEEPER}) == ""
    timer.join()


def test_a_taken_port_is_said_before_anything_is_done(capfd: pytest.CaptureFixture[str]):
    with socket.socket() as holder:
        holder.bind(("0.0.0.0", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert serve.main(["--port", str(port)]) == 1
    assert f"Port {port} is taken" in capfd.readouterr().err


def start_and_end(place: Path, port: int) -> tuple[float, str]:
    """Seconds until the portal answered, and what it printed; it is then ended by one SIGINT."""
    began = time.monotonic()
    environment = {**os.environ, "PORTAL_VAR": str(place), "DJANGO_SETTINGS_MODULE": "jinjiang_portal.settings"}
    for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "jinjiang_portal.deploy.serve", "--port", str(port)]
    with (place / "output").open("w+") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            seconds = wait_until_up(process, port, began)
        finally:
            process.send_signal(signal.SIGINT)
            status = process.wait(30)
        output.seek(0)
        text = output.read()
    assert status == 0, text
    assert serve.port_is_free(port)
    return seconds, text


def wait_until_up(process: "subprocess.Popen[bytes]", port: int, began: float) -> float:
    while process.poll() is None and time.monotonic() - began < 180:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready/", timeout=5) as answer:
                assert answer.status == 200
                return time.monotonic() - began
        except OSError:
            time.sleep(0.1)
    pytest.fail("the portal did not come up")


def test_the_portal_comes_up_with_its_demo_and_the_second_time_quickly(tmp_path: Path):
    port = free_port()
    _first, text = start_and_end(tmp_path, port)
    assert "Demo until 2024-06-28" in text
    # The quickest of three: other tests keep the machine busy meanwhile.
    for _attempt in range(3):
        second, text = start_and_end(tmp_path, port)
        assert "Demo until" not in text
        if second < SECOND_START_SECONDS:
            return
    pytest.fail(f"the second start took {second:.0f} s, more than {SECOND_START_SECONDS}")
