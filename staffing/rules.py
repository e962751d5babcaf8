"""Clauses about people and daily logs as pure functions: automatic checks before a person reads a log (D2.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from jinjiang_portal.workdays import Calendar
from stations.models import Programme

WARNING = "warning"
# Texts shorter than this say too little to be compared with earlier ones.
SHORTEST_COMPARED = 12

SENTENCES = {
    "empty": _("Nothing has been recorded on this day."),
    "late": _("Submitted %(days)s days after the day; the plan allows %(limit)s."),
    "rest_day": _("This was a rest day or public holiday."),
    "long_day": _("%(hours)s hours in one day; more than %(limit)s are pointed out."),
    "overlap": _("The times overlap: %(first)s and %(second)s."),
    "short": _("%(item)s: %(minutes)s minutes are less than the plausible %(shortest)s."),
    "similar": _("%(item)s: the text is %(percent)s%% the same as that of %(day)s."),
    "photo": _("%(item)s: a photo is wanted and there is none."),
    "archived": _("%(item)s: a client on it is archived."),
}
TITLES = {
    "empty": _("Nothing recorded"),
    "late": _("Late"),
    "rest_day": _("Rest day"),
    "long_day": _("Long day"),
    "overlap": _("Times overlap"),
    "short": _("Very short"),
    "similar": _("Same text"),
    "photo": _("Photo missing"),
    "archived": _("Archived client"),
}


@dataclass(frozen=True)
class Entry:
    """A piece of a day as the checks see it: a service record or a line of other work. `minutes` is its length."""

    label: str
    minutes: int
    starts_at: time | None = None
    text: str = ""
    shortest: int = 0
    wants_photo: bool = False
    photos: int = 0
    archived_client: bool = False
    record: str = ""


@dataclass(frozen=True)
class Day:
    """What is known of a log when it is submitted on `submitted_on`."""

    day: date
    submitted_on: date
    entries: Sequence[Entry]
    earlier_texts: Sequence[tuple[date, str]] = field(default_factory=list)


def finding(code: str, record: str = "", **values: Any) -> dict[str, Any]:
    """A finding as it is stored: code, level, values of its sentence, the record it is about."""
    return {"code": code, "level": WARNING, "values": values, "record": record}


def sentence(found: dict[str, Any]) -> str:
    """The finding's sentence in the reader's language."""
    return gettext(SENTENCES[found["code"]]) % found["values"]


def title(found: dict[str, Any]) -> str:
    """The finding in two or three words, for lists."""
    return gettext(TITLES[found["code"]])


def check_log(day: Day, programme: Programme, calendar: Calendar) -> list[dict[str, Any]]:
    """What a reviewer should look at; an empty list is “no finding”. A check explains, it never blocks (D2.2)."""
    found: list[dict[str, Any]] = []
    if not day.entries:
        found.append(finding("empty"))
    late = (day.submitted_on - day.day).days
    if late > programme.log_late_after_days:
        found.append(finding("late", days=late, limit=programme.log_late_after_days))
    if day.entries and not calendar.is_workday(day.day):
        found.append(finding("rest_day"))
    hours = sum(entry.minutes for entry in day.entries) / 60
    if hours > programme.day_hours_limit:
        found.append(finding("long_day", hours=f"{hours:.1f}", limit=f"{programme.day_hours_limit:f}"))
    found += overlaps(day.entries)
    for entry in day.entries:
        found += _check_entry(entry)
    return found + _same_texts(day, programme.similarity_percent)


def _check_entry(entry: Entry) -> Iterable[dict[str, Any]]:
    if entry.minutes < entry.shortest:
        values = {"minutes": entry.minutes, "shortest": entry.shortest}
        yield finding("short", entry.record, item=entry.label, **values)
    if entry.wants_photo and not entry.photos:
        yield finding("photo", entry.record, item=entry.label)
    if entry.archived_client:
        yield finding("archived", entry.record, item=entry.label)


def overlaps(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Pairs of neighbours whose times overlap; entries without a start are left out."""
    timed = sorted(
        ((entry.starts_at.hour * 60 + entry.starts_at.minute, entry) for entry in entries if entry.starts_at),
        key=lambda pair: pair[0],
    )
    found, latest_end, latest = [], -1, None
    for start, entry in timed:
        if latest is not None and start < latest_end:
            found.append(finding("overlap", entry.record, first=latest.label, second=entry.label))
        if start + entry.minutes > latest_end:
            latest_end, latest = start + entry.minutes, entry
    return found


def similarity(one: str, other: str) -> float:
    """How much two texts agree, 0 to 1."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The quick bound spares the exact comparison for texts that cannot be alike.
    return matcher.ratio() if matcher.quick_ratio() > 0.5 else 0.0


def _same_texts(day: Day, percent: int) -> list[dict[str, Any]]:
    found = []
    for entry in day.entries:
        if len(entry.text) < SHORTEST_COMPARED:
            continue
        alike = max(
            ((similarity(entry.text, text), earlier) for earlier, text in day.earlier_texts), default=(0.0, day.day)
        )
        if alike[0] * 100 >= percent:
            found.append(
                finding(
                    "similar", entry.record, item=entry.label, percent=int(alike[0] * 100), day=alike[1].isoformat()
                )
            )
    return found
