"""Making the PDF and the workbook: one at a time, from frozen figures, only what changed."""

import io
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from jinjiang_portal.accounts.models import Notice
from jinjiang_portal.jobs.models import Job, JobState
from jinjiang_portal.jobs.workflow import cancel, run_inline
from reports import tasks, workflow
from reports.figures import digest
from reports.models import Build, BuildPart, Report
from reports.sections import sections_of
from tests.reports.conftest import RECORDS, VISITS, HalfYear, log_of, record_of, write_all

pytestmark = pytest.mark.tier


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }


def made(report: Report, by: Any) -> Build:
    """A finished build of the report."""
    build = workflow.request_build(report, by)
    job = run_inline(build.job)
    assert job.state == JobState.DONE, job.error
    build.refresh_from_db()
    return build


def content(stored: Any) -> bytes:
    with stored.file.open("rb") as file:
        return bytes(file.read())


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """The PDF's text without white space: lines are broken where the paper ends."""
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    written = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return "".join(written.stdout.decode().split())


def rows_of(book: bytes, sheet: str) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(book))[sheet].iter_rows(values_only=True))


def visits_in(book: bytes) -> int:
    """The visits counted in the list of records, without its line of totals."""
    rows = rows_of(book, "记录明细")
    head = next(number for number, row in enumerate(rows) if "计走访次数" in row)
    column = rows[head].index("计走访次数")
    return sum(row[column] for row in rows[head + 1 :] if row[2])


def test_pdf_and_workbook_show_the_figure_counted_by_hand(
    half_year: HalfYear, after_period: date, tmp_path: Path
) -> None:
    write_all(half_year.midterm, "本期走访【走访次数】次，记录【服务记录】条。")
    build = made(half_year.midterm, half_year.scene.own.manager)
    text = text_of(content(build.pdf), tmp_path)
    assert f"本期走访{VISITS}次，记录{RECORDS}条。" in text
    assert f"服务记录{RECORDS}条，其中走访{VISITS}次" in text
    book = content(build.workbook)
    assert visits_in(book) == VISITS
    summary = {row[0]: row[1] for row in rows_of(book, "汇总") if row[0]}
    assert summary["走访次数"] == VISITS == build.figures["totals"]["visits"]
    assert "待审核日志1份、已退回1份、草稿1份" in text


def test_the_pdf_has_a_title_an_outline_and_every_station(half_year: HalfYear, after_period: date) -> None:
    build = made(half_year.midterm, half_year.scene.own.manager)
    with pikepdf.open(io.BytesIO(content(build.pdf))) as document:
        assert len(document.pages) == build.pages
        with document.open_outline() as outline:
            titles = [str(item.title) for item in outline.root]
            below = [str(child.title) for item in outline.root for child in item.children]
        assert any("陈埭镇" in title for title in titles + below)
        assert any("服务开展情况" in title for title in titles + below)


def test_no_client_stands_in_the_files(half_year: HalfYear, after_period: date, tmp_path: Path) -> None:
    write_all(half_year.midterm)
    build = made(half_year.midterm, half_year.scene.own.manager)
    names = {person.name for record in half_year.approved.service_records.all() for person in record.clients.all()}
    text = text_of(content(build.pdf), tmp_path)
    cells = str([list(sheet.values) for sheet in load_workbook(io.BytesIO(content(build.workbook)))])
    assert names
    assert not [name for name in names if name in text or name in cells]


def test_the_report_is_chinese_whoever_asks(
    client: Client, half_year: HalfYear, after_period: date, tmp_path: Path
) -> None:
    write_all(half_year.midterm)
    with override("en"):
        build = workflow.request_build(half_year.midterm, half_year.scene.own.manager)
        run_inline(build.job)
    with override("zh-hans"):
        assert workflow.request_build(half_year.midterm, half_year.scene.own.manager).pk == build.pk


def test_a_second_request_while_one_runs_starts_no_second(half_year: HalfYear, after_period: date) -> None:
    manager = half_year.scene.own.manager
    first = workflow.start_build(half_year.midterm, manager)
    second = workflow.start_build(half_year.midterm, half_year.scene.bureau)
    assert (first.started, second.started) == (True, False)
    assert first.build == second.build
    assert Job.objects.filter(kind=workflow.BUILD).count() == 1


def test_the_database_lets_only_one_running_build_in(half_year: HalfYear, after_period: date) -> None:
    build = workflow.request_build(half_year.midterm, half_year.scene.own.manager)
    manager = half_year.scene.own.manager
    other = Job.objects.create(kind="report.build", owner=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        Build.objects.create(
            report=half_year.midterm,
            job=other,
            figures_digest=build.figures_digest,
            made_by=half_year.scene.own.manager,
        )


def test_a_race_for_the_same_report_gives_both_the_same_build(
    half_year: HalfYear, after_period: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other request comes in between the look for a running build and the writing of one's own."""
    report, manager = half_year.midterm, half_year.scene.own.manager
    plan_of = workflow.plan_of
    winner: list[Build] = []

    def overtaken(*args: Any) -> Any:
        monkeypatch.setattr(workflow, "plan_of", plan_of)
        winner.append(workflow.request_build(report, half_year.scene.bureau))
        return plan_of(*args)

    monkeypatch.setattr(workflow, "plan_of", overtaken)
    asked = workflow.start_build(report, manager)
    assert (asked.build, asked.started) == (winner[0], False)
    assert Job.objects.filter(kind=workflow.BUILD).count() == 1


def test_nothing_changed_is_the_same_build(half_year: HalfYear, after_period: date) -> None:
    manager = half_year.scene.own.manager
    first = made(half_year.midterm, manager)
    again = workflow.start_build(half_year.midterm, manager)
    assert (again.build, again.started) == (first, False)


def test_a_changed_text_makes_only_its_section_anew(half_year: HalfYear, after_period: date) -> None:
    manager = half_year.scene.own.manager
    made(half_year.midterm, manager)
    before = set(BuildPart.objects.values_list("pk", flat=True))
    workflow.save_section(half_year.midterm, "plan", "下半年计划", 1, manager)
    made(half_year.midterm, manager)
    fresh = BuildPart.objects.exclude(pk__in=before)
    assert [part.kind for part in fresh] == ["report.section"]
    assert "下半年计划" in bytes(fresh[0].content).decode()


def test_a_newly_approved_record_makes_only_what_shows_it_anew(half_year: HalfYear, after_period: date) -> None:
    own = half_year.scene.own
    first = made(half_year.midterm, own.manager)
    before = set(BuildPart.objects.values_list("pk", flat=True))
    record_of(log_of(own, date(2024, 5, 6), "approved", own.township), "T1.4")
    second = made(half_year.midterm, own.manager)
    assert second.pk != first.pk
    assert second.figures["totals"]["visits"] == VISITS + 1
    kinds = sorted(part.kind for part in BuildPart.objects.exclude(pk__in=before))
    assert kinds.count("report.station") == 1
    assert kinds.count("report.workbook") == 1
    # Texts without the figures that changed stay as they are.
    assert 0 < kinds.count("report.section") < len(sections_of("midterm"))
    # The files of the first build are as they were.
    assert visits_in(content(first.workbook)) == VISITS


def test_records_approved_after_the_request_are_not_in_the_files(half_year: HalfYear, after_period: date) -> None:
    own = half_year.scene.own
    build = workflow.request_build(half_year.midterm, own.manager)
    record_of(log_of(own, date(2024, 5, 6), "approved", own.township), "T1.4")
    run_inline(build.job)
    build.refresh_from_db()
    assert visits_in(content(build.workbook)) == VISITS == build.figures["totals"]["visits"]


def test_a_submitted_report_is_made_from_its_frozen_figures(half_year: HalfYear, after_period: date) -> None:
    own = half_year.scene.own
    write_all(half_year.midterm)
    report = workflow.submit(half_year.midterm, own.manager)
    record_of(half_year.approved, "T1.4")
    build = made(report, own.manager)
    assert build.figures == report.figures
    assert build.figures_digest == report.figures_digest == digest(report.figures)
    assert visits_in(content(build.workbook)) == VISITS


def test_the_one_who_asked_is_told_when_it_is_done(half_year: HalfYear, after_period: date) -> None:
    build = made(half_year.midterm, half_year.scene.own.manager)
    notice = Notice.objects.get(recipient=half_year.scene.own.manager)
    assert build.running is False
    assert str(half_year.midterm.pk) in notice.url


def test_a_cancelled_build_makes_room_for_another(half_year: HalfYear, after_period: date) -> None:
    manager = half_year.scene.own.manager
    first = workflow.request_build(half_year.midterm, manager)
    cancel(first.job)
    second = workflow.start_build(half_year.midterm, manager)
    assert second.started
    assert second.build.pk != first.pk
    first.refresh_from_db()
    assert first.running is False


def test_a_build_that_fails_for_good_makes_room_and_says_so(
    half_year: HalfYear, after_period: date, client: Client, settings: Any
) -> None:
    manager = half_year.scene.own.manager
    build = workflow.request_build(half_year.midterm, manager)
    Job.objects.filter(pk=build.job_id).update(state=JobState.FAILED, error="A part of the work failed.")
    build.job.refresh_from_db()
    tasks.give_up(build.job)
    build.refresh_from_db()
    assert build.running is False
    assert Notice.objects.filter(recipient=manager).exists()
    client.force_login(manager)
    answer = client.get(reverse("reports:report-detail", args=[half_year.midterm.pk]))
    assert answer.context["failed"]
    assert workflow.start_build(half_year.midterm, manager).started


def test_progress_is_told_in_parts(client: Client, half_year: HalfYear, after_period: date) -> None:
    manager = half_year.scene.own.manager
    client.force_login(manager)
    assert client.post(reverse("reports:build", args=[half_year.midterm.pk])).status_code == 302
    address = reverse("reports:build-status", args=[half_year.midterm.pk])
    before = client.get(address).json()
    assert before["ended"] is False
    assert before["total"] >= len(sections_of("midterm")) + 2
    run_inline(Build.objects.get().job)
    after = client.get(address).json()
    assert (after["ended"], after["done"]) == (True, after["total"])


def test_files_are_for_those_who_see_the_report(client: Client, half_year: HalfYear, after_period: date) -> None:
    scene = half_year.scene
    build = made(half_year.midterm, scene.own.manager)
    expected = {
        "bureau_admin": 200,
        "bureau_viewer": 200,
        "inspector": 200,
        "contractor_manager": 200,
        "contractor_finance": 404,
        "township_supervisor": 404,
        "station_worker": 404,
        "system_admin": 404,
    }
    users = {**scene.users, "foreign_manager": scene.foreign.manager}
    for stored in (build.pdf, build.workbook):
        address = reverse("files:download", args=[stored.pk])
        for role, user in users.items():
            client.force_login(user)
            answer = client.get(address)
            assert answer.status_code == expected.get(role, 404), role
            if answer.streaming:
                answer.getvalue()


@pytest.mark.parametrize("role", ["bureau_viewer", "inspector"])
def test_who_only_reads_has_nothing_made(client: Client, half_year: HalfYear, role: str) -> None:
    client.force_login(half_year.scene.users[role])
    assert client.post(reverse("reports:build", args=[half_year.midterm.pk])).status_code == 403
    assert not Build.objects.exists()


def test_markup_in_a_text_is_printed_as_it_was_typed(half_year: HalfYear, after_period: date, tmp_path: Path) -> None:
    write_all(half_year.midterm, '<img src="file:///etc/hostname"><b>要点</b>')
    build = made(half_year.midterm, half_year.scene.own.manager)
    text = text_of(content(build.pdf), tmp_path)
    assert '<imgsrc="file:///etc/hostname"><b>要点</b>' in text
