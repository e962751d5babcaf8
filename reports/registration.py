"""What this app hands up to the frame: menu, to-dos, audit, who may read the files of a build."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import access
from jinjiang_portal.audit import records as audit
from jinjiang_portal.files.owners import register_owner
from jinjiang_portal.registry import MenuItem, Todo, add_figures, add_menu, add_todo
from reports import tasks  # noqa: F401 - the workers find what they can do by this import
from reports.models import Build, Report, ReportSection, ReportState
from reports.overview import home_figures

SOON = 21  # days before a report is due in which it stands on the home page


def to_accept(user: Any) -> int:
    """Reports that wait for the bureau's decision."""
    return Report.objects.visible_to(user).to_accept().count() if access.may(user, "report.decide") else 0


add_menu(
    MenuItem(_("Reports"), _("Overview of services"), "reports:overview", "report.view", 590, icon="chart", tab=True),
    MenuItem(
        _("Reports"), _("Mid-term and final reports"), "reports:report-list", "report.view", 600, icon="report",
        count=to_accept, tab=True,
    )
)  # fmt: skip


def todos(user: Any, today: date) -> Iterable[Todo]:
    """Reports to write and to mend for the contractor, reports to accept for the bureau."""
    if access.may(user, "report.write"):
        yield from _writer_todos(user, today)
    if access.may(user, "report.decide"):
        waiting = Report.objects.visible_to(user).to_accept()
        count = waiting.count()
        if count:
            yield Todo(
                count, gettext("Accept or return reports"), gettext("The contractor has handed them in."),
                f"{reverse('reports:report-list')}?state=submitted",
            )  # fmt: skip


def _writer_todos(user: Any, today: date) -> Iterable[Todo]:
    rows = Report.objects.open_to(user).select_related("contract")
    for report in rows.due_within(today, SOON).order_by("due_on")[:5]:
        names = {"number": report.contract.number, "kind": report.get_kind_display()}
        returned = report.state == ReportState.RETURNED
        title = gettext("Mend the report: %(number)s %(kind)s") if returned else gettext("Submit: %(number)s %(kind)s")
        why = gettext("The bureau returned it.") if returned else gettext("Its period has ended.")
        address = reverse("reports:report-detail", args=[report.pk])
        yield Todo(1, title % names, why, address, due=report.due_on, late=report.due_on < today)


def may_read_files(relation: str) -> Any:
    """Whether a user may read a stored file of a build: who sees the report."""

    def visible(user: Any, stored: Any) -> bool:
        return (
            access.may(user, "report.view")
            and Build.objects.visible_to(user).filter(**{f"{relation}_id": stored.pk}).exists()
        )

    return visible


add_todo(todos)
add_figures(home_figures)
register_owner("pdf_of_build", may_read_files("pdf"))
register_owner("workbook_of_build", may_read_files("workbook"))
for model in (Report, ReportSection):
    audit.register(model)
