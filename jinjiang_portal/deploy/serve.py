"""The local portal in one terminal (`make run`): database and demo made ready, then web server and worker."""

import argparse
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

from honcho.manager import Manager

READY_SECONDS = 60


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
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_reference")
    call_command("load_demo", "--if-empty")
    connections.close_all()


def commands(port: int) -> dict[str, str]:
    """The command lines that make up the local portal; the worker also keeps the clock of periodic tasks."""
    python = f"exec {sys.executable} -m"
    return {
        "web": f"{python} gunicorn --config jinjiang_portal/deploy/gunicorn_conf.py --bind 0.0.0.0:{port} "
        "jinjiang_portal.wsgi:application",
        "worker": f"{python} celery --app jinjiang_portal worker --beat --concurrency 2 --loglevel warning "
        "--without-gossip --without-mingle",
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


def supervise(port: int) -> int:
    """Run the commands until Ctrl-C (0) or until one ends by itself (1); either way all of them are ended."""
    manager = Manager()
    for name, line in commands(port).items():
        manager.add_process(name, line, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    threading.Thread(target=announce, args=(port,), daemon=True).start()
    manager.loop()
    return 0 if manager.returncode in (128 + signal.SIGINT, 128 + signal.SIGTERM) else 1


def main(arguments: Sequence[str]) -> int:
    """Start the portal on the port asked for; 0 after Ctrl-C, 1 with a sentence otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    port: int = parser.parse_args(arguments).port
    if not port_is_free(port):
        print(f"Port {port} is taken by another program. Name a free one: PORT={port + 1} make run", file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinjiang_portal.settings")
    make_ready()
    status = supervise(port)
    if status:
        print("A part of the portal ended by itself, so all was stopped. Its last lines are above.", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
