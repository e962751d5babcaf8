"""Opening, writing, submitting and deciding a report."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from jinjiang_portal.accounts.models import Notice
from jinjiang_portal.versioned import StaleVersion
from reports import workflow
from reports.models import Report, ReportSection
from reports.sections import sections_of
from tests.reports.conftest import RECORDS, HalfYear, log_of, record_of, write_all
from tests.scenes import Scene


def test_a_contract_has_two_reports_over_the_programmes_periods(scene: Scene) -> None:
    midterm, final = workflow.open_reports(scene.own.contract)
    assert (midterm.starts_on, midterm.ends_on, midterm.due_on) == (
        date(2024, 1, 1),
        date(2024, 6, 30),
        date(2024, 7, 15),
    )
    assert (final.ends_on, final.due_on) == (date(2024, 12, 31), date(2025, 1, 20))
    assert midterm.sections.count() == len(sections_of("midterm"))


def test_opening_reports_again_changes_nothing(scene: Scene) -> None:
    first = workflow.open_reports(scene.own.contract)
    workflow.save_section(first[0], "overview", "写好的文字", 1, scene.own.manager)
    assert workflow.open_reports(scene.own.contract) == first
    assert first[0].sections.get(key="overview").text == "写好的文字"
    assert ReportSection.objects.filter(report=first[0]).count() == len(sections_of("midterm"))


def test_a_stale_save_of_a_section_is_refused_and_overwrites_nothing(half_year: HalfYear) -> None:
    report, manager = half_year.midterm, half_year.scene.own.manager
    workflow.save_section(report, "overview", "甲的文字", 1, manager)
    with pytest.raises(StaleVersion):
        workflow.save_section(report, "overview", "乙的文字", 1, manager)
    section = report.sections.get(key="overview")
    assert (section.text, section.version) == ("甲的文字", 2)


def test_a_text_may_quote_only_figures_that_exist(half_year: HalfYear) -> None:
    with pytest.raises(ValidationError, match="满意率"):
        workflow.save_section(half_year.midterm, "overview", "【满意率】很高", 1, half_year.scene.own.manager)
    workflow.save_section(half_year.midterm, "overview", "【服务人次】", 1, half_year.scene.own.manager)


def test_submission_freezes_the_figures(half_year: HalfYear, after_period: date) -> None:
    write_all(half_year.midterm)
    report = workflow.submit(half_year.midterm, half_year.scene.own.manager)
    assert report.state == "submitted"
    assert report.figures["totals"]["records"] == RECORDS
    assert len(report.figures_digest) == 64
    record_of(half_year.approved, "T1.4")
    report.refresh_from_db()
    assert workflow.current_figures(report)["totals"]["records"] == RECORDS
    assert workflow.figures_now(report)["totals"]["records"] == RECORDS
    assert len(workflow.kept_rows(report.figures["records_digest"])) == RECORDS


def test_the_bureau_is_told_of_a_submission(half_year: HalfYear, after_period: date) -> None:
    write_all(half_year.midterm)
    workflow.submit(half_year.midterm, half_year.scene.own.manager)
    notice = Notice.objects.get(recipient=half_year.scene.bureau)
    assert half_year.scene.own.contract.number in str(notice.values)
    assert str(half_year.midterm.pk) in notice.url


def test_a_report_is_not_submitted_before_its_period_has_ended(half_year: HalfYear, settings: Any) -> None:
    settings.DEMO_DATE = date(2024, 6, 30)
    write_all(half_year.midterm)
    with pytest.raises(ValidationError, match="2024-06-30"):
        workflow.submit(half_year.midterm, half_year.scene.own.manager)


def test_a_report_without_a_required_text_is_not_submitted(half_year: HalfYear, after_period: date) -> None:
    write_all(half_year.midterm)
    half_year.midterm.sections.filter(key__in=["funds", "publicity"]).update(text=" ")
    with pytest.raises(ValidationError) as refused:
        workflow.submit(half_year.midterm, half_year.scene.own.manager)
    assert "经费使用情况" in str(refused.value)
    # The section on publicity may stay empty.
    assert "站点建设与宣传" not in str(refused.value)


def test_a_submitted_report_takes_no_text(half_year: HalfYear, after_period: date) -> None:
    write_all(half_year.midterm)
    workflow.submit(half_year.midterm, half_year.scene.own.manager)
    with pytest.raises(ValidationError):
        workflow.save_section(half_year.midterm, "overview", "后来的", 1, half_year.scene.own.manager)


def test_a_return_needs_remarks_and_opens_the_report_again(half_year: HalfYear, after_period: date) -> None:
    scene, report = half_year.scene, half_year.midterm
    write_all(report)
    workflow.submit(report, scene.own.manager)
    with pytest.raises(ValidationError):
        workflow.decide(report, scene.bureau, accept=False, remarks="  ")
    returned = workflow.decide(report, scene.bureau, accept=False, remarks="请补充经费说明")
    assert (returned.state, returned.remarks, returned.is_editable) == ("returned", "请补充经费说明", True)
    assert Notice.objects.filter(recipient=scene.own.manager).count() == 1
    log = log_of(scene.own, date(2024, 5, 6), "approved", scene.own.township)
    record_of(log, "T1.4")
    again = workflow.submit(report, scene.own.manager)
    # Figures are taken anew with a new submission.
    assert again.figures["totals"]["records"] == RECORDS + 1
    accepted = workflow.decide(report, scene.bureau, accept=True, remarks="")
    assert accepted.state == "accepted"


@pytest.mark.parametrize("moves", [["decide"], ["submit", "submit"], ["submit", "decide", "decide"]])
def test_a_move_the_state_does_not_allow_is_refused(half_year: HalfYear, after_period: date, moves: list[str]) -> None:
    scene, report = half_year.scene, half_year.midterm
    write_all(report)
    acts = {
        "submit": lambda: workflow.submit(report, scene.own.manager),
        "decide": lambda: workflow.decide(report, scene.bureau, accept=True, remarks=""),
    }
    for move in moves[:-1]:
        acts[move]()
    before = Report.objects.values("state", "version").get(pk=report.pk)
    with pytest.raises(ValidationError):
        acts[moves[-1]]()
    assert Report.objects.values("state", "version").get(pk=report.pk) == before
