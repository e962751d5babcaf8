"""How templates write money, time, days, states and names."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from jinjiang_portal import clock
from jinjiang_portal.templatetags import portal

TWO_PLACES = st.decimals(min_value=0, max_value=10**10, places=2, allow_nan=False)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1234.5"), "1,234.50"),
        (0, "0.00"),
        ("-1234567.005", "-1,234,567.01"),
        (0.1, "0.10"),
        (None, "—"),
        ("", "—"),
    ],
)
def test_money_has_two_places_and_separators(value: object, written: str) -> None:
    assert portal.yuan(value) == written


@given(TWO_PLACES)
def test_money_written_can_be_read_back(amount: Decimal) -> None:
    assert Decimal(portal.yuan(amount).replace(",", "")) == amount


@pytest.mark.parametrize(
    ("value", "written"), [(12345, "12,345"), (Decimal("1234.5"), "1,234.5"), (0, "0"), (None, "—")]
)
def test_numbers_are_separated_and_keep_their_places(value: object, written: str) -> None:
    assert portal.thousands(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(90, "1 h 30 min"), (60, "1 h"), (45, "45 min"), (0, "0 min"), (None, "—")]
)
def test_minutes_are_said_in_hours_and_minutes(value: int | None, written: str) -> None:
    assert portal.minutes(value) == written


@pytest.mark.parametrize(("value", "written"), [(90, "1.5"), (0, "0.0"), (93, "1.6"), (75_000, "1,250.0"), (None, "—")])
def test_minutes_become_hours_with_one_place(value: int | None, written: str) -> None:
    assert portal.hours(value) == written


def test_a_day_carries_its_weekday_in_the_language_of_the_page() -> None:
    assert portal.day(date(2024, 6, 28)) == "2024-06-28 Fri"
    with translation.override("zh-hans"):
        assert portal.day(date(2024, 6, 28)) == "2024-06-28 周五"
    assert portal.day(None) == "—"


def test_the_day_of_an_instant_is_the_local_one() -> None:
    late_in_utc = datetime(2024, 6, 27, 20, 0, tzinfo=UTC)
    assert portal.day(late_in_utc) == "2024-06-28 Fri"


@pytest.mark.parametrize(
    ("passed", "written"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=7, seconds=30), "7 min ago"),
        (timedelta(hours=2), "today 10:00"),
        (timedelta(hours=13), "yesterday 23:00"),
        (timedelta(days=3), "2024-06-25 12:00"),
        (timedelta(hours=-2), "today 14:00"),
    ],
)
def test_an_instant_is_said_the_shorter_the_nearer(
    passed: timedelta, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2024, 6, 28, 4, 0, tzinfo=UTC)  # 12:00 in Jinjiang
    monkeypatch.setattr(clock, "now", lambda: noon)
    assert portal.ago(noon - passed) == written


def test_no_instant_is_a_dash() -> None:
    assert portal.ago(None) == "—"


def test_names_are_masked() -> None:
    assert portal.masked_name("王小英") == "王*英"
    assert portal.masked_name("") == "—"


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        ("draft", "grey"),
        ("submitted", "wait"),
        ("prepared", "wait"),
        ("returned", "bad"),
        ("approved", "ok"),
        ("accepted", "ok"),
        ("done", "ok"),
        ("running", "run"),
        ("never heard of", "grey"),
    ],
)
def test_the_tone_of_a_tag_follows_from_the_state(state: str, tone: str) -> None:
    assert portal.state_tag(state, "Word") == f'<span class="tag tag--{tone}">Word</span>'


def test_a_tag_escapes_its_word_and_refuses_unknown_tones() -> None:
    assert portal.tag('x" onclick="', "<b>") == '<span class="tag tag--grey">&lt;b&gt;</span>'


@pytest.mark.parametrize("name", [*portal.ICONS, *portal.ICON_ALIASES, "no such icon"])
def test_an_icon_is_hidden_from_screen_readers(name: str) -> None:
    drawn = portal.icon(name)
    assert drawn.startswith("<svg")
    assert drawn.endswith("</svg>")
    assert 'aria-hidden="true"' in drawn


def test_a_domain_mark_carries_the_name_of_the_domain() -> None:
    assert "Elderly care" in portal.domain_mark("elderly")
    assert "dom--5" in portal.domain_mark("something else")
    with translation.override("zh-hans"):
        assert ">老<" in portal.domain_mark("elderly")


def query_with(url: str, tag: str) -> str:
    context = Context({"request": RequestFactory().get(url)})
    return Template("{% query_with " + tag + " %}").render(context).replace("&amp;", "&")


def test_the_query_string_keeps_what_is_not_changed() -> None:
    assert query_with("/?state=draft&page=3", "page=4") == "?state=draft&page=4"


def test_another_filter_starts_at_the_first_page() -> None:
    assert query_with("/?state=draft&page=3", "state='returned'") == "?state=returned"


def test_a_value_can_be_taken_out_of_the_query_string() -> None:
    assert query_with("/?state=draft&who=7", "state=None") == "?who=7"


def test_a_query_string_is_made_without_a_request() -> None:
    assert Template("{% query_with page=2 %}").render(Context()) == "?page=2"


def test_long_lists_of_pages_are_shortened() -> None:
    page = Paginator(range(655), 50).page(6)
    numbers = portal.pages(page)
    assert [numbers[0], numbers[-1]] == [1, 14]
    assert 6 in numbers
    assert len(numbers) < 14


@override_settings(USE_THOUSAND_SEPARATOR=True)
def test_filters_work_in_a_template_without_loading_the_library() -> None:
    written = Template("{{ a|yuan }} {{ m|minutes }} {{ d|day }} {% state_tag 'draft' 'Draft' %}").render(
        Context({"a": Decimal("5"), "m": 5, "d": date(2024, 1, 1)})
    )
    assert written == '5.00 5 min 2024-01-01 Mon <span class="tag tag--grey">Draft</span>'
