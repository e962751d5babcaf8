"""The pages of the reports: who sees and does what, and what is said."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from reports import workflow
from reports.models import Report
from tests.reports.conftest import HalfYear, write_all


def page(name: str, report: Report, **extra: str) -> str:
    return reverse(f"reports:{name}", kwargs={"pk": report.pk, **extra})


@pytest.mark.parametrize("role", ["bureau_admin", "bureau_viewer", "inspector", "contractor_manager"])
@pytest.mark.parametrize("name", ["report-list", "report-detail", "figures"])
def test_pages_open_for_those_who_may_see_the_report(client: Client, half_year: HalfYear, role: str, name: str) -> None:
    client.force_login(half_year.scene.users[role])
    address = reverse("reports:report-list") if name == "report-list" else page(name, half_year.midterm)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "JJMZ-2024-01" in answer.content.decode()


@pytest.mark.parametrize("role", ["township_supervisor", "station_worker", "contractor_finance", "system_admin"])
def test_other_roles_are_refused(client: Client, half_year: HalfYear, role: str) -> None:
    client.force_login(half_year.scene.users[role])
    assert client.get(page("report-detail", half_year.midterm)).status_code == 403


@pytest.mark.parametrize(
    ("name", "method", "extra"),
    [
        ("report-detail", "get", {}),
        ("figures", "get", {}),
        ("section-edit", "get", {"key": "overview"}),
        ("section-edit", "post", {"key": "overview"}),
        ("build", "post", {}),
        ("build-status", "get", {}),
        ("submit", "get", {}),
        ("submit", "post", {}),
    ],
)
def test_a_foreign_contractors_report_does_not_exist(
    client: Client, half_year: HalfYear, name: str, method: str, extra: dict[str, str]
) -> None:
    client.force_login(half_year.scene.foreign.manager)
    answer = getattr(client, method)(page(name, half_year.midterm, **extra), {"text": "改", "version": "1"})
    assert answer.status_code == 404
    assert not half_year.midterm.sections.exclude(text="").exists()


def test_the_list_of_a_contractor_holds_its_own_reports_only(client: Client, half_year: HalfYear) -> None:
    client.force_login(half_year.scene.foreign.manager)
    text = client.get(reverse("reports:report-list")).content.decode()
    assert "JJMZ-2024-02" in text
    assert "JJMZ-2024-01" not in text


def test_the_page_says_what_counts_and_what_does_not(client: Client, half_year: HalfYear) -> None:
    client.force_login(half_year.scene.own.manager)
    numbers = client.get(page("report-detail", half_year.midterm)).context["numbers"]
    assert [(state, logs, records) for state, _name, logs, records, _url in numbers["logs"]] == [
        ("approved", 3, 7),
        ("submitted", 1, 1),
        ("returned", 1, 1),
        ("draft", 1, 1),
    ]
    assert numbers["waiting"] == 3


def test_a_text_is_saved_and_the_next_section_opened(client: Client, half_year: HalfYear) -> None:
    client.force_login(half_year.scene.own.manager)
    answer = client.post(
        page("section-edit", half_year.midterm, key="overview"), {"text": "项目背景", "version": "1", "next": "1"}
    )
    assert answer.status_code == 302
    assert answer["Location"] == page("section-edit", half_year.midterm, key="team")
    assert half_year.midterm.sections.get(key="overview").text == "项目背景"


def test_a_stale_save_shows_both_texts_and_a_second_save_is_a_decision(client: Client, half_year: HalfYear) -> None:
    manager = half_year.scene.own.manager
    client.force_login(manager)
    workflow.save_section(half_year.midterm, "overview", "先保存的文字", 1, manager)
    address = page("section-edit", half_year.midterm, key="overview")
    answer = client.post(address, {"text": "后保存的文字", "version": "1"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "先保存的文字" in text
    assert "后保存的文字" in text
    assert 'name="version" value="2"' in text
    assert client.post(address, {"text": "后保存的文字", "version": "2"}).status_code == 302
    assert half_year.midterm.sections.get(key="overview").text == "后保存的文字"


def test_a_wrong_quote_is_named_beside_the_text_and_nothing_typed_is_lost(client: Client, half_year: HalfYear) -> None:
    client.force_login(half_year.scene.own.manager)
    answer = client.post(
        page("section-edit", half_year.midterm, key="overview"), {"text": "共【走访户数】户", "version": "1"}
    )
    assert answer.status_code == 400
    assert "共【走访户数】户" in answer.content.decode()
    assert "走访户数" in str(answer.context["form"].errors["text"])


def test_an_unknown_section_does_not_exist(client: Client, half_year: HalfYear) -> None:
    client.force_login(half_year.scene.own.manager)
    assert client.get(page("section-edit", half_year.midterm, key="nonsense")).status_code == 404


def test_submission_page_lists_what_is_missing(client: Client, half_year: HalfYear, after_period: date) -> None:
    client.force_login(half_year.scene.own.manager)
    answer = client.get(page("submit", half_year.midterm))
    assert len(answer.context["missing"]) == 9
    assert client.post(page("submit", half_year.midterm)).status_code == 302
    half_year.midterm.refresh_from_db()
    assert half_year.midterm.state == "draft"


def test_the_whole_way_from_submission_to_acceptance(client: Client, half_year: HalfYear, after_period: date) -> None:
    report, scene = half_year.midterm, half_year.scene
    write_all(report)
    client.force_login(scene.own.manager)
    client.post(page("submit", report))
    client.force_login(scene.bureau)
    assert client.get(page("decide", report)).status_code == 200
    refused = client.post(page("decide", report), {"decision": "return", "remarks": ""})
    assert refused.status_code == 400
    assert refused.context["form"].errors["remarks"]
    client.post(page("decide", report), {"decision": "accept", "remarks": "同意"})
    report.refresh_from_db()
    assert (report.state, report.decided_by) == ("accepted", scene.bureau)
    late = client.post(page("decide", report), {"decision": "accept", "remarks": ""})
    assert late.status_code == 400


@pytest.mark.parametrize("role", ["bureau_viewer", "inspector", "contractor_manager"])
def test_only_the_bureau_decides(client: Client, half_year: HalfYear, after_period: date, role: str) -> None:
    write_all(half_year.midterm)
    workflow.submit(half_year.midterm, half_year.scene.own.manager)
    client.force_login(half_year.scene.users[role])
    assert client.post(page("decide", half_year.midterm), {"decision": "accept"}).status_code == 403


def test_the_contractor_writes_the_final_report_after_the_contracts_last_day(
    client: Client, half_year: HalfYear, settings: object
) -> None:
    settings.DEMO_DATE = date(2025, 1, 10)  # type: ignore[attr-defined]
    client.force_login(half_year.scene.own.manager)
    address = page("section-edit", half_year.final, key="overview")
    assert client.post(address, {"text": "全年工作", "version": "1"}).status_code == 302


def test_no_page_of_a_report_shows_a_client(client: Client, half_year: HalfYear) -> None:
    client.force_login(half_year.scene.bureau)
    names = {person.name for record in half_year.approved.service_records.all() for person in record.clients.all()}
    for name in ("report-detail", "figures"):
        text = client.get(page(name, half_year.midterm)).content.decode()
        assert not [person for person in names if person in text]
