"""The check for a Chinese font: without one every character is silently missing on paper (UX, complaint 15)."""

import subprocess
from functools import lru_cache
from typing import Any

from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured

COMMAND = "sudo apt-get install -y fonts-noto-cjk fonts-arphic-ukai"


@lru_cache(maxsize=1)
def chinese_fonts() -> tuple[str, ...]:
    """Families fontconfig knows for Chinese; empty when there is none or fontconfig is missing."""
    try:
        listed = subprocess.run(
            ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(sorted({line.split(",")[0].strip() for line in listed.splitlines() if line.strip()}))


def require_chinese_font() -> None:
    """ImproperlyConfigured with the command that helps, when there is no Chinese font."""
    if not chinese_fonts():
        raise ImproperlyConfigured(f"No Chinese font is installed: reports would be empty. Install one: {COMMAND}")


def check_fonts(app_configs: Any, **kwargs: Any) -> list[Error]:
    """System check for deployments."""
    if chinese_fonts():
        return []
    return [Error("No Chinese font is installed: reports would be empty.", hint=COMMAND, id="portal.E001")]
