"""What holds for every template, style and script: strict CSP, weight, old browsers, contrast."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static/css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))
CSS_BYTES = 36 * 1024
PAGE_BYTES = 100 * 1024
TEXT_CONTRAST = 4.5
EDGE_CONTRAST = 3.0
INLINE = [
    (r"\sstyle\s*=", "an inline style"),
    (r"<style\b", "a style element"),
    (r"<script(?![^>]*\bsrc=)[^>]*>", "an inline script"),
    (r"\son[a-z]+\s*=\s*[\"']", "an event attribute"),
    (r"javascript:", "a script address"),
    (r"(?:src|href)=[\"'](?:https?:)?//", "an address of another host"),
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_fit_the_content_security_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [why for pattern, why in INLINE if re.search(pattern, text, re.IGNORECASE)] == []


def test_styles_stay_light() -> None:
    assert sum(path.stat().st_size for path in STYLES) < CSS_BYTES


def test_styles_and_scripts_together_stay_light() -> None:
    assert sum(path.stat().st_size for path in [*STYLES, *SCRIPTS]) <= PAGE_BYTES


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_use_only_what_old_browsers_know(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert (
        re.findall(r"!important|:has\(|@container|@layer|\binset:|\n\s*&|color-mix\(|@import|url\(.?http", text) == []
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_evaluate_no_text_and_keep_to_old_syntax(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\beval\(|new Function|document\.write|\?\?=|\|\|=", text) == []


def colours() -> dict[str, str]:
    text = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", text))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *product(["c-text", "c-text-2", "c-text-3", "c-blue", "c-red-t"], ["c-card", "c-page", "c-head", "c-blue-50"]),
        ("c-amber-t", "c-amber-50"),
        ("c-green-t", "c-green-50"),
        ("c-red-t", "c-red-50"),
        ("c-text-2", "c-grey-50"),
        ("c-blue", "c-blue-100"),
        ("d1", "d1b"),
        ("d2", "d2b"),
        ("d3", "d3b"),
        ("d4", "d4b"),
    ],
)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    known = colours()
    assert contrast(known[text], known[ground]) >= TEXT_CONTRAST


def test_edges_of_controls_can_be_seen() -> None:
    known = colours()
    assert contrast(known["c-edge"], known["c-card"]) >= EDGE_CONTRAST
