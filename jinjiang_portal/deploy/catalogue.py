"""The Chinese catalogue, kept in step with the sources (`make messages`).

Source strings are English and need no catalogue: Django falls back to them for English, never to another language.
The extraction works on a copy of the sources, because gettext's reader of templates writes beside them.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
SOURCES = ("budget", "casework", "jinjiang_portal", "reports", "staffing", "stations", "templates")
HEADER = r"""# Simplified Chinese. `make messages` brings it up to date with the sources; translate what it lists.
msgid ""
msgstr ""
"Project-Id-Version: jinjiang-portal\n"
"Language: zh_Hans\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sd]|\{\w*\}")
Key = tuple[str, str]


def key_of(message: Message) -> Key:
    """Context and English text: what makes a message itself."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", text


def read(path: Path = CATALOGUE) -> dict[Key, Message]:
    """Messages of a catalogue without its header; empty when there is no such file."""
    if not path.exists():
        return {}
    with path.open("rb") as source:
        return {key_of(message): message for message in read_po(source, locale="zh_Hans") if message.id}


def extract(root: Path = ROOT) -> dict[Key, Message]:
    """Messages the sources ask for now, untranslated; raises `CalledProcessError` when gettext refuses a source."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place)
        for name in SOURCES:
            shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "data"))
        (copy / "locale").mkdir()
        environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        django = [sys.executable, "-m", "django"]
        arguments = ["makemessages", "--locale", "zh_Hans", "--no-location", "--verbosity", "0"]
        subprocess.run([*django, *arguments], cwd=copy, env=environment, check=True)
        return read(copy / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po")


def translation(message: Message | None) -> str:
    """The Chinese text, empty when there is none."""
    if message is None or message.fuzzy:
        return ""
    return message.string if isinstance(message.string, str) else (message.string or ("",))[0]


def merge(wanted: Mapping[Key, Message], kept: Mapping[Key, Message], given: Mapping[str, str]) -> Catalog:
    """What the sources want, translated as given (English → Chinese), else as it was, else left empty."""
    merged = Catalog(locale="zh_Hans")
    for key, message in wanted.items():
        chinese = given.get(key[1]) or translation(kept.get(key))
        plural = not isinstance(message.id, str)
        flags = message.flags - {"fuzzy"}
        merged.add(message.id, (chinese,) if plural else chinese, flags=flags, context=message.context)
    return merged


def write(catalogue: Catalog, path: Path = CATALOGUE) -> None:
    """Write sorted by message, without dates and places, so that a change shows what changed."""
    body = BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + body.getvalue().decode(), encoding="utf-8")


def placeholders(text: str) -> list[str]:
    """Names a translation must carry over, sorted."""
    return sorted(PLACEHOLDER.findall(text))


def update(given: Mapping[str, str] | None = None) -> list[str]:
    """Bring the catalogue up to date with the sources; the English texts that have no Chinese yet."""
    merged = merge(extract(), read(), given or {})
    write(merged)
    return sorted(key_of(message)[1] for message in merged if message.id and not translation(message))


if __name__ == "__main__":
    missing = update()
    print(f"{CATALOGUE.relative_to(ROOT)} is up to date; {len(missing)} texts without Chinese.")
    for text in missing:
        print(f"  {text!r}")
    sys.exit(1 if missing else 0)
