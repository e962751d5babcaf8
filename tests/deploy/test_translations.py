"""Every text of the portal has its Chinese, the catalogue is that of the sources, and English stays English."""

from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import trans_real

from jinjiang_portal.deploy import catalogue


@pytest.fixture(scope="module")
def wanted() -> dict[catalogue.Key, catalogue.Message]:
    return catalogue.extract()


KEPT = catalogue.read()


def test_the_catalogue_holds_what_the_sources_ask_for(wanted: dict[catalogue.Key, catalogue.Message]):
    assert sorted(set(wanted) - set(KEPT)) == [], "run `make messages` and translate"
    assert sorted(set(KEPT) - set(wanted)) == [], "run `make messages`"


def test_every_text_has_its_chinese():
    assert [text for (_context, text), message in KEPT.items() if not catalogue.translation(message)] == []


def test_nothing_is_translated_by_guess():
    assert [text for (_context, text), message in KEPT.items() if message.fuzzy] == []


def test_a_translation_carries_over_every_placeholder():
    wrong = [
        text
        for (_context, text), message in KEPT.items()
        if catalogue.placeholders(text) != catalogue.placeholders(catalogue.translation(message))
    ]
    assert wrong == []


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    """A locale directory with the compiled catalogue alone."""
    place = tmp_path / "zh_Hans" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with catalogue.CATALOGUE.open("rb") as source, (place / "django.mo").open("wb") as target:
        write_mo(target, read_po(source, locale="zh_Hans"))
    return tmp_path


def test_english_is_the_source_and_never_chinese(compiled: Path, settings: Any, monkeypatch: pytest.MonkeyPatch):
    settings.LOCALE_PATHS = [compiled]
    monkeypatch.setattr(trans_real, "_translations", {})
    monkeypatch.setattr(trans_real, "_default", None)
    text = "Jinjiang civil-affairs service stations"
    with translation.override("en"):
        assert translation.gettext(text) == text
        # A text that the packages' own English catalogues do not hold either.
        assert translation.gettext("Skip to the main content") == "Skip to the main content"
    with translation.override("zh-hans"):
        assert translation.gettext(text) == "晋江市民政服务站管理平台"
