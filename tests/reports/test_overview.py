"""The figures of everything a user may see: the home page and the overview."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from reports import overview, statistics
from tests.reports.conftest import RECORDS, HalfYear

MARCH = date(2024, 3, 31)


@pytest.mark.parametrize(
    ("role", "records"),
    [
        ("bureau_admin", RECORDS + 1),
        ("inspector", RECORDS),
        ("contractor_manager", RECORDS),
        ("township_supervisor", RECORDS),
        ("system_admin", 0),
    ],
)
def test_each_role_counts_what_it_may_see(half_year: HalfYear, role: str, records: int) -> None:
    scope = overview.scope_of(half_year.scene.users[role], date(2024, 1, 1), date(2024, 6, 30))
    assert sum(item["records"] for item in statistics.by_item(scope)) == records


def test_home_figures_are_the_approved_services_of_the_month(half_year: HalfYear) -> None:
    titles = {str(figure.title): figure for figure in overview.home_figures(half_year.scene.own.manager, MARCH)}
    values = [figure.value for figure in titles.values()]
    assert values[:2] == ["5", "3"]
    assert "60%" in next(figure.sentence for figure in titles.values() if figure.unit == "%")


@pytest.mark.parametrize("role", ["bureau_admin", "contractor_manager", "township_supervisor", "station_worker"])
def test_the_home_page_shows_figures(client: Client, half_year: HalfYear, settings: object, role: str) -> None:
    settings.DEMO_DATE = MARCH  # type: ignore[attr-defined]
    client.force_login(half_year.scene.users[role])
    assert client.get(reverse("home")).context["figures"]


def test_the_overview_holds_no_other_contractors_numbers(
    client: Client, half_year: HalfYear, after_period: date
) -> None:
    client.force_login(half_year.scene.foreign.manager)
    answer = client.get(reverse("reports:overview"))
    assert [row["records"] for row in answer.context["contracts"]] == [1]
    assert half_year.scene.own.station.short_name not in [row[0] for row in answer.context["map"].rows]


def test_roles_without_reports_are_refused_the_overview(client: Client, half_year: HalfYear) -> None:
    client.force_login(half_year.scene.own.worker)
    assert client.get(reverse("reports:overview")).status_code == 403


@pytest.mark.parametrize("role", ["contractor_manager", "bureau_viewer"])
def test_a_figure_leads_to_as_many_rows(client: Client, half_year: HalfYear, role: str) -> None:
    client.force_login(half_year.scene.users[role])
    answer = client.get(reverse("reports:figures", args=[half_year.midterm.pk]))
    query = answer.context["query"]
    rows = client.get(f"{reverse('casework:record-list')}?item=T1.4&{query}")
    assert rows.context["table"].paginator.count == 3
