"""Access follows contract and report: from–to, and no longer than needed (D1.2, D3.6; SECURITY 1)."""

from datetime import date, timedelta

import pytest

from casework.models import Client
from reports.models import Report
from reports.workflow import decide, open_reports
from stations.models import Contract, Station
from stations.workflow import end_reading
from tests.factories import ClientFactory

pytestmark = pytest.mark.tier


def test_a_contractor_works_in_its_stations_for_the_contracts_days(scene):
    manager, contract = scene.own.manager, scene.own.contract
    for day, works in [(contract.starts_on, True), (contract.ends_on, True), (contract.ends_on + timedelta(1), False)]:
        assert Station.objects.open_to(manager, day).filter(pk=scene.own.station.pk).exists() == works
        assert Contract.objects.open_to(manager, day).exists() == works
    assert not Station.objects.visible_to(manager, contract.starts_on - timedelta(1)).exists()


def test_the_former_contractor_reads_the_station_until_its_final_report_is_accepted(scene):
    ClientFactory(station=scene.own.station)
    manager, contract = scene.own.manager, scene.own.contract
    later = date(2025, 3, 1)
    assert Station.objects.visible_to(manager, later).exists()
    report = next(row for row in open_reports(contract) if row.kind == "final")
    Report.objects.filter(pk=report.pk).update(state="submitted")
    decide(report, scene.bureau, True, "")
    assert Station.objects.visible_to(manager, contract.ends_on).exists()
    assert not Station.objects.visible_to(manager, later).exists()
    assert Contract.objects.visible_to(manager, later).exists()
    assert Client.objects.visible_to(manager).exists()


def test_ending_one_contractors_reading_leaves_the_others(scene):
    end_reading(scene.own.contract, date(2025, 1, 31))
    assert Station.objects.visible_to(scene.foreign.manager, date(2025, 3, 1)).exists()
    assert Station.objects.visible_to(scene.own.township, date(2025, 3, 1)).exists()


def test_an_inspector_reads_until_the_named_day(scene):
    assert Station.objects.visible_to(scene.inspector, date(2025, 3, 31)).exists()
    assert not Station.objects.visible_to(scene.inspector, date(2025, 4, 1)).exists()
    assert not Station.objects.open_to(scene.inspector, date(2024, 6, 28)).exists()
