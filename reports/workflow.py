"""State changes of reports and their builds (D3.5)."""

import json
import zlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from jinjiang_portal import clock
from jinjiang_portal.accounts.models import Role, User
from jinjiang_portal.accounts.workflow import notify
from jinjiang_portal.jobs.models import ENDED
from jinjiang_portal.jobs.workflow import PartSpec, enqueue
from reports.figures import counted_records, digest, report_figures
from reports.models import REPORT_MOVES, Build, BuildPart, Report, ReportKind, ReportSection, ReportState
from reports.plan import ROWS, Plan, plan_of
from reports.sections import sections_of, unknown_quotes
from reports.statistics import Scope
from stations.models import Contract
from stations.workflow import end_reading

BUILD = "report.build"
FROZEN = (ReportState.SUBMITTED, ReportState.ACCEPTED)
ATTEMPTS = 3


@transaction.atomic
def open_reports(contract: Contract) -> list[Report]:
    """The contract's mid-term and final report with their empty sections; what is there already is left alone."""
    programme = contract.programme
    frames = (
        (ReportKind.MIDTERM, programme.midterm_cutoff, programme.midterm_due),
        (ReportKind.FINAL, programme.ends_on, programme.final_due),
    )
    reports = []
    for kind, ends_on, due_on in frames:
        report, _created = Report.objects.get_or_create(
            contract=contract,
            kind=kind,
            defaults={"starts_on": programme.starts_on, "ends_on": ends_on, "due_on": due_on},
        )
        present = set(report.sections.values_list("key", flat=True))
        ReportSection.objects.bulk_create(
            ReportSection(report=report, key=section.key) for section in sections_of(kind) if section.key not in present
        )
        reports.append(report)
    return reports


@transaction.atomic
def save_section(report: Report, key: str, text: str, version: int, by: User) -> ReportSection:
    """Keep the text of a section.

    Raises StaleVersion when somebody saved it since `version`, ValidationError when the report is closed to changes or
    the text quotes a figure that does not exist.
    """
    locked = Report.objects.select_for_update().get(pk=report.pk)
    if not locked.is_editable:
        raise ValidationError(_("The report has been submitted. Its texts can be changed only if it is returned."))
    unknown = unknown_quotes(text)
    if unknown:
        raise ValidationError(
            _("【%(name)s】 is no figure of this report. Take one of the names listed beside the text.")
            % {"name": unknown[0]}
        )
    section = ReportSection.objects.get(report=locked, key=key)
    section.text, section.updated_by, section.updated_at = text, by, clock.now()
    section.save_version(version, ["text", "updated_by", "updated_at"])
    return section


# Figures ----------------------------------------------------------------------------------------------------------


def figures_now(report: Report) -> dict[str, Any]:
    """The figures a page shows: frozen ones of a submitted report, else counted at this moment and kept nowhere."""
    if report.state in FROZEN and report.figures:
        return dict(report.figures)
    return report_figures(report.contract, report.starts_on, report.ends_on, clock.today())


def take_figures(report: Report) -> dict[str, Any]:
    """The report's figures as of now; the rows they were counted from are kept beside them, found by their digest."""
    scope = Scope(report.starts_on, report.ends_on, report.contract)
    for _attempt in range(ATTEMPTS):
        with transaction.atomic(), override("zh-hans"):
            figures = report_figures(report.contract, report.starts_on, report.ends_on, clock.today())
            rows = counted_records(scope)
        # A log approved between the two questions would make the figures and the rows disagree.
        if (len(rows), sum(row[-1] for row in rows)) == (figures["totals"]["records"], figures["totals"]["visits"]):
            figures["records_digest"] = _keep_rows(rows)
            return figures
    raise ValidationError(_("Logs are being approved at this moment. Try again in a minute."))


def _keep_rows(rows: list[list[Any]]) -> str:
    key = digest([ROWS, rows])
    content = zlib.compress(json.dumps(rows, ensure_ascii=False).encode())
    BuildPart.objects.get_or_create(digest=key, defaults={"kind": ROWS, "content": content})
    return key


def kept_rows(key: str) -> list[list[Any]]:
    """The rows kept under a digest."""
    rows: list[list[Any]] = json.loads(zlib.decompress(BuildPart.objects.get(digest=key, kind=ROWS).content))
    return rows


def current_figures(report: Report) -> dict[str, Any]:
    """The figures a build is made of: frozen ones of a submitted report, else taken now with their rows."""
    if report.state in FROZEN and report.figures:
        return dict(report.figures)
    return take_figures(report)


# Builds -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Requested:
    """What a request for files led to: the build and whether it was started by this request."""

    build: Build
    started: bool


def request_build(report: Report, by: User) -> Build:
    """The build of the report as it stands; see `start_build`."""
    return start_build(report, by).build


def start_build(report: Report, by: User) -> Requested:
    """A new build, or the one that is running, or a finished one made from exactly the same figures and texts.

    The figures are taken now and frozen in the build. Of two requests at the same instant the database lets one in; the
    other gets that one's build.
    """
    release_builds(report)
    running = report.builds.filter(running=True).first()
    if running is not None:
        return Requested(running, started=False)
    figures = current_figures(report)
    plan = plan_of(report, figures)
    finished = report.builds.filter(
        running=False, pdf__isnull=False, workbook__isnull=False, job__parameters__inputs=plan.inputs
    ).first()
    if finished is not None:
        return Requested(finished, started=False)
    try:
        return Requested(_new_build(report, figures, plan, by), started=True)
    except IntegrityError:
        running = report.builds.filter(running=True).first()
        if running is None:
            raise
        return Requested(running, started=False)


@transaction.atomic
def _new_build(report: Report, figures: dict[str, Any], plan: Plan, by: User) -> Build:
    build = Build(report=report, figures=figures, figures_digest=digest(figures), made_by=by, created_at=clock.now())
    parts = [
        PartSpec(kind=piece.kind, parameters={"build": str(build.pk), **piece.parameters}, title=piece.title)
        for piece in plan.pieces
    ]
    told = {
        "build": str(build.pk),
        "inputs": plan.inputs,
        "parts": [[piece.kind, piece.title, piece.parameters["digest"]] for piece in plan.pieces],
    }
    title = f"{report.contract.number} {report.get_kind_display()}"
    build.job = enqueue(BUILD, by, parameters=told, title=title, parts=parts)
    build.save(force_insert=True)
    return build


def release_builds(report: Report) -> int:
    """Builds marked as running whose job has ended without saying so are running no longer; answers how many."""
    return Build.objects.filter(report=report, running=True, job__state__in=ENDED).update(running=False)


# Moves ------------------------------------------------------------------------------------------------------------


def missing_texts(report: Report) -> list[str]:
    """Names of the sections that must have a text before the report is submitted and have none."""
    texts = dict(report.sections.values_list("key", "text"))
    return [
        section.name
        for section in sections_of(report.kind)
        if section.required and not texts.get(section.key, "").strip()
    ]


def uncounted(figures: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Logs and records of the period that do not count because they are not approved, by state; empty if none."""
    return {state: counts for state, counts in figures["logs"].items() if state != "approved" and counts["logs"]}


def _locked(report: Report, state: str) -> Report:
    locked: Report = Report.objects.select_for_update(of=("self",)).select_related("contract").get(pk=report.pk)
    if state not in REPORT_MOVES[locked.state]:
        raise ValidationError(
            _("The report is “%(state)s” by now; somebody acted before you. Load the page again.")
            % {"state": locked.get_state_display()}
        )
    return locked


@transaction.atomic
def submit(report: Report, by: User) -> Report:
    """Hand the report in to the bureau with its figures frozen; logs that are not approved do not count (D3.5)."""
    locked = _locked(report, ReportState.SUBMITTED)
    if clock.today() <= locked.ends_on:
        raise ValidationError(
            _("The period runs until %(day)s. The report can be submitted from the day after.")
            % {"day": locked.ends_on.isoformat()}
        )
    missing = missing_texts(locked)
    if missing:
        raise ValidationError(
            _("These sections have no text yet: %(names)s. Write them, then submit.") % {"names": "、".join(missing)}
        )
    locked.figures = take_figures(locked)
    locked.figures_at, locked.figures_digest = clock.now(), digest(locked.figures)
    locked.state, locked.submitted_by, locked.submitted_at = ReportState.SUBMITTED, by, clock.now()
    locked.remarks, locked.decided_by, locked.decided_at = "", None, None
    locked.version += 1
    locked.save()
    notify(
        User.objects.filter(role=Role.BUREAU_ADMIN, is_active=True),
        gettext_noop("The report on contract %(number)s, %(from)s to %(until)s, was submitted. Accept or return it."),
        _named(locked),
        url=reverse("reports:report-detail", args=[locked.pk]),
        key=f"report-submitted:{locked.pk}:{locked.version}",
    )
    return locked


@transaction.atomic
def decide(report: Report, by: User, accept: bool, remarks: str) -> Report:
    """Accept the report or return it; a return needs remarks that say what to mend."""
    state = ReportState.ACCEPTED if accept else ReportState.RETURNED
    locked = _locked(report, state)
    if not accept and not remarks.strip():
        raise ValidationError({"remarks": _("Say what is to be mended before you return the report.")})
    locked.state, locked.decided_by, locked.decided_at, locked.remarks = state, by, clock.now(), remarks.strip()
    locked.version += 1
    locked.save()
    if accept and locked.kind == ReportKind.FINAL:
        end_reading(locked.contract, clock.today())
    text = (
        gettext_noop("The bureau accepted the report on contract %(number)s, %(from)s to %(until)s.")
        if accept
        else gettext_noop("The bureau returned the report on contract %(number)s, %(from)s to %(until)s. Mend it.")
    )
    notify(
        writers_of(locked),
        text,
        _named(locked),
        url=reverse("reports:report-detail", args=[locked.pk]),
        key=f"report-decided:{locked.pk}:{locked.version}",
    )
    return locked


def writers_of(report: Report) -> list[User]:
    """The contractor's managers, who write the report."""
    group = report.contract.contractor.group
    return list(User.objects.filter(groups=group, role=Role.CONTRACTOR_MANAGER, is_active=True))


def _named(report: Report) -> dict[str, str]:
    return {
        "number": report.contract.number,
        "from": report.starts_on.isoformat(),
        "until": report.ends_on.isoformat(),
    }
