"""Working days, months and the day by which a post is filled again (S5, SECURITY 20, FIELD_REFERENCE 10.1-10.2)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinjiang_portal.workdays import Calendar, month_later, refill_due

CALENDAR = Calendar.from_chinese_calendar(range(2023, 2026))
days = st.dates(date(2023, 1, 1), date(2025, 11, 30))


@pytest.mark.parametrize(
    ("last_day", "due"),
    [
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2024, 1, 10), date(2024, 2, 18)),
        (date(2024, 9, 1), date(2024, 10, 8)),
        (date(2024, 4, 1), date(2024, 5, 6)),
        (date(2024, 5, 15), date(2024, 6, 17)),
        (date(2024, 12, 31), date(2025, 2, 5)),
    ],
)
def test_the_six_worked_examples(last_day, due):
    found = refill_due(last_day, CALENDAR, roll=True)
    assert found.day == due
    assert due.isoformat() in found.explanation


def test_without_rolling_the_calendar_day_stands():
    assert refill_due(date(2024, 4, 1), CALENDAR, roll=False).day == date(2024, 5, 1)


def test_2024_had_251_working_days():
    assert len(CALENDAR.workdays(date(2024, 1, 1), date(2024, 12, 31))) == 251


def test_make_up_sunday_is_a_workday_and_holiday_monday_is_not():
    assert CALENDAR.is_workday(date(2024, 2, 18))
    assert not CALENDAR.is_workday(date(2024, 6, 10))


def test_an_unpublished_year_falls_back_to_weekdays_and_says_so():
    calendar = Calendar.from_chinese_calendar([2040])
    assert calendar.is_workday(date(2040, 10, 1))
    assert not calendar.is_published(date(2040, 10, 1))
    plain = refill_due(date(2040, 9, 3), calendar, roll=True).explanation
    assert len(plain) > len(refill_due(date(2040, 9, 3), calendar, roll=False).explanation)


@given(days, st.integers(0, 24))
def test_a_month_later_never_skips_a_month(day, months):
    later = month_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(days)
def test_a_due_day_is_a_workday_not_before_the_calendar_day(day):
    due = refill_due(day, CALENDAR, roll=True).day
    assert due >= month_later(day)
    assert CALENDAR.is_workday(due)
    assert all(
        not CALENDAR.is_workday(month_later(day) + timedelta(days=n)) for n in range((due - month_later(day)).days)
    )
