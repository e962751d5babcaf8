"""What the workers do for a report: sections, station pages and the workbook as parts, then the whole (D3.5).

A part is looked up by the digest of its inputs before it is made. The whole is stored with the job's last word: the
lease is checked in the same transaction, so a worker that was given up for dead changes nothing.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop, override

from jinjiang_portal import pdf
from jinjiang_portal.accounts.workflow import notify
from jinjiang_portal.files.store import store_made
from jinjiang_portal.jobs.models import Job
from jinjiang_portal.jobs.runner import Run, handles, on_fail, on_finish
from jinjiang_portal.workbook import CONTENT_TYPE, write_book
from reports import paper, sheets
from reports.models import Build, BuildPart, Report
from reports.plan import SECTION, STATION, WORKBOOK
from reports.workflow import BUILD, kept_rows

WHOLE = "whole"


def _build(run: Run) -> Build:
    builds = Build.objects.select_related("report__contract__contractor", "report__contract__programme", "made_by")
    return builds.get(pk=run.parameters["build"])


def _made_once(run: Run, kind: str, make: Callable[[], tuple[bytes, int]]) -> dict[str, Any]:
    """The part with the run's digest, made now unless it is there already."""
    key = run.parameters["digest"]
    if BuildPart.objects.filter(digest=key).exists():
        return {"digest": key, "again": True}
    content, pages = make()
    BuildPart.objects.get_or_create(digest=key, defaults={"kind": kind, "content": content, "pages": pages})
    return {"digest": key, "again": False}


@handles(SECTION)
def make_section(run: Run) -> dict[str, Any]:
    """The HTML of one section."""
    figures = _build(run).figures
    return _made_once(run, SECTION, lambda: (paper.section_html(run.parameters, figures).encode(), 0))


@handles(STATION)
def make_station(run: Run) -> dict[str, Any]:
    """The PDF pages of one station."""
    figures = _build(run).figures

    def make() -> tuple[bytes, int]:
        content = pdf.render(paper.station_html(figures, run.parameters["station"]), css=paper.style())
        return content, pdf.page_count(content)

    return _made_once(run, STATION, make)


@handles(WORKBOOK)
def make_workbook(run: Run) -> dict[str, Any]:
    """The Excel file with every figure and every counted record."""
    build = _build(run)

    def make() -> tuple[bytes, int]:
        pages = sheets.sheets(build.figures, kept_rows(build.figures["records_digest"]))
        with TemporaryDirectory() as folder, override(paper.CHINESE):
            path = Path(folder) / "report.xlsx"
            title, made_by = "".join(paper.title_of(build.report)), str(build.made_by)
            write_book(path, pages, title=title, made_by=made_by, purpose="工作报告", made_at=build.created_at)
            return path.read_bytes(), 0

    return _made_once(run, WORKBOOK, make)


@handles(BUILD)
def assemble(run: Run) -> dict[str, Any]:
    """Body, contents and station pages joined into one PDF; kept as a part until the job is done."""
    build = _build(run)
    report = build.report
    listed = run.parameters["parts"]
    stored = {part.digest: part for part in BuildPart.objects.filter(digest__in=[digest for _k, _t, digest in listed])}
    sections = [bytes(stored[key].content).decode() for kind, _title, key in listed if kind == SECTION]
    body = pdf.render(paper.body_html(report, build.figures, build.figures_digest, sections), css=paper.style())
    title = "".join(paper.title_of(report))
    pages = [(name, bytes(stored[key].content)) for kind, name, key in listed if kind == STATION]
    parts = [pdf.Part(f"附件{number}　{name}民政服务站", page) for number, (name, page) in enumerate(pages, 1)]
    whole = pdf.join([pdf.Part(title, body), *parts], title=title, author=report.contract.contractor.name)
    key = hashlib.sha256(whole).hexdigest()
    BuildPart.objects.get_or_create(digest=key, defaults={"kind": WHOLE, "content": whole})
    book = next(key for kind, _title, key in listed if kind == WORKBOOK)
    return {"pdf": key, "workbook": book, "pages": pdf.page_count(whole)}


def _content(digest: str) -> bytes:
    return bytes(BuildPart.objects.get(digest=digest).content)


def file_name(report: Report) -> str:
    """What the files are called when they are downloaded."""
    kind = paper.title_of(report)[-1]
    return f"{report.contract.number}-{kind}-{report.ends_on:%Y%m%d}"


@on_finish(BUILD)
def finish(job: Job, result: dict[str, Any]) -> None:
    """The files belong to the build from the instant the job is done; the person who asked is told."""
    build = Build.objects.select_related("report__contract__programme", "made_by").get(job=job)
    name = file_name(build.report)
    # Stored only here, under the checked lease: an attempt that lost it leaves no file behind.
    build.pdf = store_made(f"{name}.pdf", _content(result["pdf"]), "application/pdf", build.made_by)
    build.workbook = store_made(f"{name}.xlsx", _content(result["workbook"]), CONTENT_TYPE, build.made_by)
    build.pages = result["pages"]
    BuildPart.objects.filter(digest=result["pdf"], kind=WHOLE).delete()
    build.running = False
    build.save(update_fields=["pdf", "workbook", "pages", "running"])
    _tell(build, gettext_noop("PDF and workbook of the report on contract %(number)s are ready."), "done")


@on_fail(BUILD)
def give_up(job: Job) -> None:
    """Nothing is running any more; the parts that were made are found again by the next attempt."""
    build = Build.objects.select_related("report__contract", "made_by").filter(job=job).first()
    if build is None:
        return
    build.running = False
    build.save(update_fields=["running"])
    _tell(build, gettext_noop("The files of the report on contract %(number)s could not be made. Try again."), "failed")


def _tell(build: Build, text: str, outcome: str) -> None:
    notify(
        [build.made_by],
        text,
        {"number": build.report.contract.number},
        url=reverse("reports:report-detail", args=[build.report_id]),
        key=f"build-{outcome}:{build.pk}",
    )
