"""Working days of the Chinese calendar with its make-up days, and periods of months (FIELD_REFERENCE 10.1, 10.2)."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar
from django.utils.translation import gettext as _

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Days off and make-up days of the years the State Council has published; Monday to Friday in all others."""

    published: frozenset[int] = frozenset()
    # Days on which the calendar differs from Monday to Friday: True is a workday.
    exceptions: dict[date, bool] = field(default_factory=dict)

    @classmethod
    def from_chinese_calendar(cls, years: Iterable[int]) -> "Calendar":
        """The calendar of the years; years the package does not know are left unpublished."""
        published, exceptions = set(), {}
        for year in years:
            day = date(year, 1, 1)
            try:
                while day.year == year:
                    works = chinese_calendar.is_workday(day)
                    if works != (day.weekday() < 5):
                        exceptions[day] = works
                    day += ONE_DAY
            except NotImplementedError:
                continue
            published.add(year)
        return cls(frozenset(published), exceptions)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on the day."""
        return self.exceptions.get(day, day.weekday() < 5)

    def is_published(self, day: date) -> bool:
        """False where the year's holidays are not published yet and Monday to Friday is only assumed."""
        return day.year in self.published

    def next_workday(self, day: date) -> date:
        """The day itself if it is a workday, else the next one."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def workdays(self, starts_on: date, ends_on: date) -> list[date]:
        """Workdays of the period, both ends included."""
        days = (starts_on + timedelta(days=n) for n in range((ends_on - starts_on).days + 1))
        return [day for day in days if self.is_workday(day)]


@dataclass(frozen=True)
class DueDate:
    """The last day of a period, and how it was found."""

    day: date
    explanation: str


def month_later(day: date, months: int = 1) -> date:
    """The same-numbered day `months` later, or the month's last day where there is none (Civil Code art. 202)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def refill_due(last_day: date, calendar: Calendar, *, roll: bool, months: int = 1) -> DueDate:
    """By when a post is to be filled again (S5): `months` after the leaver's last day in post.

    With `roll`, a due day that is a rest day moves to the next workday (Civil Code art. 203).
    """
    due = month_later(last_day, months)
    text = _("%(months)s month(s) after the last day in post, %(last)s, is %(due)s") % {
        "months": months, "last": last_day.isoformat(), "due": due.isoformat(),
    }  # fmt: skip
    if due.day != last_day.day:
        text += _(", the month's last day")
    if not roll:
        return DueDate(due, text)
    rolled = calendar.next_workday(due)
    if rolled != due:
        text += _("; that is a rest day, so the next workday %(day)s counts") % {"day": rolled.isoformat()}
    if not calendar.is_published(rolled):
        text += _("; the year's holidays are not published yet")
    return DueDate(rolled, text)
