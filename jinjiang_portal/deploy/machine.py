"""System packages the portal needs, asked by what is missing. Runs on a bare Python, before the environment.

`python3.11 jinjiang_portal/deploy/machine.py run` looks for what the portal itself needs, `test` for what its
tests need besides. What is missing is installed by apt-get as root or through sudo; otherwise a sentence says the
exact command.
"""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

FONT_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
# File names of the Chinese families that documents may use.
FONT_MARKS = ("NotoSansCJK", "NotoSerifCJK", "NotoSansSC", "NotoSerifSC", "SourceHanS", "wqy-", "simsun", "simfang")


@dataclass(frozen=True)
class Need:
    """A Debian package and the question whether the machine can do without installing it."""

    package: str
    met: Callable[[], bool]


def library(name: str) -> Callable[[], bool]:
    """Whether the dynamic loader finds the shared library."""

    def met() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return met


def command(*names: str) -> Callable[[], bool]:
    """Whether one of the commands is on the path."""
    return lambda: any(shutil.which(name) for name in names)


def chinese_font() -> bool:
    """Whether a font file of a Chinese family is in one of the usual places."""
    for place in FONT_PLACES:
        for path in Path(place).expanduser().rglob("*.[ot]t[fc]"):
            if any(mark.lower() in path.name.lower() for mark in FONT_MARKS):
                return True
    return False


RUN = (
    Need(f"python3.{sys.version_info.minor}-venv", lambda: importlib.util.find_spec("ensurepip") is not None),
    Need("libpango-1.0-0", library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", library("libharfbuzz-subset.so.0")),
    Need("fontconfig", command("fc-list")),
    Need("fonts-noto-cjk", chinese_font),
)
TEST = (
    Need("chromium", command("chromium")),
    # Playwright's own driver is linked against it.
    Need("libatomic1", library("libatomic.so.1")),
    Need("poppler-utils", command("pdftotext")),
    Need("gettext", command("xgettext")),
)


def missing(needs: Sequence[Need]) -> list[str]:
    """Packages whose question is answered with no, in the order of the list."""
    return [need.package for need in needs if not need.met()]


def apt_prefix(is_root: bool, which: Callable[[str], str | None]) -> list[str] | None:
    """The words before `apt-get`: none for root, sudo without a prompt for others, None where apt cannot be used."""
    if which("apt-get") is None:
        return None
    if is_root:
        return []
    if which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def install(packages: Sequence[str], prefix: Sequence[str]) -> int:
    """Install with apt-get, after reading the lists anew; its exit status. What it says is shown only when it fails."""
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    subprocess.run([*quiet, "update"], stdout=subprocess.DEVNULL)
    command = [*quiet, "install", "-y", "--no-install-recommends", *packages]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
    return done.returncode


def main(kinds: Sequence[str]) -> int:
    """Make the machine fit for the kinds named ("run", "test"); 0, or 1 after a sentence about what is missing."""
    needs = [need for kind in kinds for need in {"run": RUN, "test": TEST}[kind]]
    packages = missing(needs)
    if not packages:
        return 0
    prefix = apt_prefix(os.geteuid() == 0, shutil.which)
    if prefix is not None:
        print(f"Installing the system packages {' '.join(packages)} …", flush=True)
        if install(packages, prefix) == 0 and not missing(needs):
            return 0
    print(
        f"These system packages are missing: {' '.join(packages)}. Install them and start again:\n"
        f"    sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["run"]))
