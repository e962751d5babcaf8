"""What this app hands up to the frame: menu, to-dos, search, audit."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import access
from jinjiang_portal.accounts.roles import Role
from jinjiang_portal.audit import records as audit
from jinjiang_portal.registry import Hit, MenuItem, Todo, add_menu, add_search, add_todo
from staffing.models import Certificate, LogLine, Posting, Staff, Vacancy, WorkLog

HITS_AT_MOST = 8


def waiting(user: Any) -> int:
    """Logs that wait for this reviewer."""
    return WorkLog.objects.visible_to(user).awaiting_review().count()


def returned(user: Any) -> int:
    """Logs of this worker that were given back."""
    return WorkLog.objects.visible_to(user).filter(state="returned").count()


add_menu(
    MenuItem(_("Daily logs"), _("Today"), "staffing:log-today", "log.write", 200, icon="edit", tab=True),
    MenuItem(
        _("Daily logs"), _("My week"), "staffing:log-week", "log.write", 210, icon="calendar", count=returned, tab=True
    ),
    MenuItem(
        _("Daily logs"),
        _("Logs to review"),
        "staffing:log-review",
        "log.review",
        220,
        icon="stamp",
        count=waiting,
        tab=True,
    ),
    MenuItem(_("Daily logs"), _("All logs"), "staffing:log-list", "log.view", 230, icon="list"),
    MenuItem(_("People"), _("Staff"), "staffing:staff-list", "staff.view", 400, icon="people"),
    MenuItem(_("People"), _("Vacancies"), "staffing:vacancy-list", "vacancy.view", 410, icon="gap"),
)


def todos(user: Any, today: date) -> Iterable[Todo]:
    """What waits for this user in logs and vacancies."""
    if access.may(user, "log.write"):
        yield from _worker_todos(user, today)
    if access.may(user, "log.review"):
        yield from _review_todos(user, today)
    if access.may(user, "vacancy.view") and user.role in (
        Role.BUREAU_ADMIN,
        Role.CONTRACTOR_MANAGER,
        Role.TOWNSHIP_SUPERVISOR,
    ):
        yield from _vacancy_todos(user, today)


def _worker_todos(user: Any, today: date) -> Iterable[Todo]:
    own = WorkLog.objects.visible_to(user)
    for log in own.filter(state="returned").order_by("day")[:3]:
        yield Todo(
            1, gettext("Correct the log of %(day)s") % {"day": log.day.isoformat()},
            gettext("The township gave it back with a reason."),
            reverse("staffing:log-day", args=[log.day.isoformat()]), late=True,
        )  # fmt: skip
    open_days = own.filter(state="draft", day__lte=today).order_by("day")
    count = open_days.count()
    if count:
        first = open_days[0].day
        yield Todo(
            count, gettext("Hand in daily logs"), gettext("Drafts are not counted until they are approved."),
            reverse("staffing:log-day", args=[first.isoformat()]), due=today, late=first < today,
        )  # fmt: skip


def _review_todos(user: Any, today: date) -> Iterable[Todo]:
    queue = WorkLog.objects.visible_to(user).awaiting_review().order_by("day")
    oldest = queue.select_related("contract__programme").first()
    if oldest is None:
        return
    sunday = oldest.day + timedelta(days=6 - oldest.day.weekday())
    due = sunday + timedelta(days=oldest.contract.programme.review_days_after_week)
    flagged = queue.filter(flagged=True).count()
    why = gettext("%(count)s of them have findings.") % {"count": flagged} if flagged else gettext("None has findings.")
    yield Todo(
        queue.count(), gettext("Review daily logs"), why, reverse("staffing:log-review"), due=due, late=due < today
    )


def _vacancy_todos(user: Any, today: date) -> Iterable[Todo]:
    for vacancy in (
        Vacancy.objects.visible_to(user).open_on(today).select_related("station__township").order_by("due_on")[:5]
    ):
        late = vacancy.due_on < today
        values = {"station": vacancy.station.short_name}
        title = gettext("Vacancy overdue: %(station)s") if late else gettext("Fill the vacancy: %(station)s")
        yield Todo(
            1, title % values, vacancy.due_because, reverse("staffing:vacancy-list"), due=vacancy.due_on, late=late
        )


def search(user: Any, query: str) -> Iterable[Hit]:
    """Staff by name, pinyin or initials."""
    if not access.may(user, "staff.view"):
        return
    for person in Staff.objects.visible_to(user).named(query).select_related("contractor")[:HITS_AT_MOST]:
        yield Hit(
            gettext("Staff"), person.name, person.contractor.name, reverse("staffing:staff-detail", args=[person.pk])
        )


add_todo(todos)
add_search(search)
for model in (Staff, Certificate, Posting, Vacancy, WorkLog, LogLine):
    audit.register(model)
