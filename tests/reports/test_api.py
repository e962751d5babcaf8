"""The reports in the JSON interface."""

from datetime import date

import pytest
from django.test import Client

from reports.models import Build
from tests.reports.conftest import RECORDS, HalfYear

ADDRESS = "/api/v1/reports/"


def test_the_list_holds_the_own_reports_only(client: Client, half_year: HalfYear) -> None:
    client.force_login(half_year.scene.own.manager)
    found = client.get(ADDRESS).json()["results"]
    assert {row["contract"] for row in found} == {half_year.scene.own.contract.number}
    assert len(found) == 2


def test_figures_are_those_of_the_page(client: Client, half_year: HalfYear) -> None:
    client.force_login(half_year.scene.viewer)
    figures = client.get(f"{ADDRESS}{half_year.midterm.pk}/figures/").json()
    assert figures["totals"]["records"] == RECORDS


@pytest.mark.parametrize("path", ["", "figures/"])
def test_a_foreign_contractors_report_does_not_exist(client: Client, half_year: HalfYear, path: str) -> None:
    client.force_login(half_year.scene.foreign.manager)
    assert client.get(f"{ADDRESS}{half_year.midterm.pk}/{path}").status_code == 404
    assert client.post(f"{ADDRESS}{half_year.midterm.pk}/build/").status_code == 404
    assert not Build.objects.exists()


def test_a_build_is_started_once(client: Client, half_year: HalfYear, after_period: date) -> None:
    client.force_login(half_year.scene.own.manager)
    first = client.post(f"{ADDRESS}{half_year.midterm.pk}/build/")
    again = client.post(f"{ADDRESS}{half_year.midterm.pk}/build/")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert (first.json()["running"], first.json()["pdf"]) == (True, None)


@pytest.mark.parametrize(("role", "code"), [("bureau_viewer", 403), ("inspector", 403), ("station_worker", 403)])
def test_who_may_not_build_is_refused(client: Client, half_year: HalfYear, role: str, code: int) -> None:
    client.force_login(half_year.scene.users[role])
    assert client.post(f"{ADDRESS}{half_year.midterm.pk}/build/").status_code == code
