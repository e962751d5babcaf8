"""The local portal in one terminal (`make run`): database and demo made ready, then web server and worker."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

READY_SECONDS = 60
# What has not ended so long after being asked to is killed with all it started.
PATIENCE_SECONDS = 10
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def port_is_free(port: int) -> bool:
    """Whether this process could listen on the port of all addresses."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True


def make_ready() -> None:
    """Migrate, load the ground data and, into a database without contracts, the demo."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("load_reference")
    call_command("load_demo", "--if-empty")
    connections.close_all()


def commands(port: int) -> dict[str, list[str]]:
    """The command lines that make up the local portal; the worker also keeps the clock of periodic tasks."""
    gunicorn = ["gunicorn", "--config", "jinjiang_portal/deploy/gunicorn_conf.py", "--bind", f"0.0.0.0:{port}"]
    celery = ["celery", "--quiet", "--app", "jinjiang_portal", "worker", "--beat", "--concurrency", "2"]
    quiet = ["--loglevel", "warning", "--without-gossip", "--without-mingle"]
    return {
        "The web server": [sys.executable, "-m", *gunicorn],
        "The worker": [sys.executable, "-W", "ignore", "-m", *celery, *quiet],
    }


def welcome(port: int) -> str:
    """What is printed once the portal answers: its address and the demo sign-ins."""
    from jinjiang_portal.accounts.demo import DEMO_PASSWORD, DEMO_USERNAMES

    return (
        f"\n  The portal is at http://localhost:{port}/\n"
        f"  Sign in as one of: {', '.join(DEMO_USERNAMES)}\n"
        f"  Password: {DEMO_PASSWORD}\n"
        "  Ctrl-C ends web server and worker.\n"
    )


def announce(port: int) -> None:
    """Wait until the portal answers and print the welcome."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live/", timeout=2):
                print(welcome(port), flush=True)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)


def end_all(processes: Mapping[str, subprocess.Popen[Any]]) -> None:
    """Ask every process to end, each of which ends its own children; kill what is left of them in the end."""
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + PATIENCE_SECONDS
    for process in processes.values():
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def supervise(lines: Mapping[str, Sequence[str]]) -> str:
    """Run the commands until Ctrl-C (answers "") or until one ends by itself (answers its name); then end them all."""
    asked = threading.Event()
    for number in ENDINGS:
        signal.signal(number, lambda _number, _frame: asked.set())
    # In sessions of their own: Ctrl-C in the terminal then reaches this process alone, which ends them in order.
    processes = {name: subprocess.Popen(line, start_new_session=True) for name, line in lines.items()}
    fallen = ""
    try:
        while not asked.wait(0.3) and not fallen:
            fallen = next((name for name, process in processes.items() if process.poll() is not None), "")
    finally:
        end_all(processes)
    return fallen


def main(arguments: Sequence[str]) -> int:
    """Start the portal on the port asked for; 0 after Ctrl-C, 1 with a sentence otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    port: int = parser.parse_args(arguments).port
    if not port_is_free(port):
        print(f"Port {port} is taken by another program. Name a free one: PORT={port + 1} make run", file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinjiang_portal.settings")
    try:
        make_ready()
    except KeyboardInterrupt:
        return 0
    threading.Thread(target=announce, args=(port,), daemon=True).start()
    if fallen := supervise(commands(port)):
        print(f"{fallen} ended by itself, so all was stopped. The last lines above say why.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
