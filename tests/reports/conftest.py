"""The scene with a half year of logs in every state, counted by hand."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from jinjiang_portal.accounts.models import User
from reports.models import Report
from reports.sections import sections_of
from reports.workflow import open_reports
from staffing.models import WorkLog
from stations.models import ServiceItem
from tests.factories import ClientFactory, ServiceRecordFactory, WorkLogFactory
from tests.scenes import Scene, Side

AFTER_PERIOD = date(2024, 7, 3)
# Counted by hand from `half_year`: approved visits, records, quantity of T1.4, minutes.
VISITS, RECORDS, MINUTES = 5, 7, 390


def log_of(side: Side, day: date, state: str, by: User) -> WorkLog:
    """A log of the side's worker in a state, as a review would have left it."""
    fields: dict[str, Any] = {"staff": side.staff, "station": side.station, "contract": side.contract}
    if state == "approved":
        fields |= {"reviewed_at": "2024-06-30T10:00:00+08:00", "reviewed_by": by}
    return WorkLogFactory(**fields, day=day, state=state)


def record_of(log: WorkLog, code: str, **fields: Any) -> Any:
    item = ServiceItem.objects.get(programme=log.contract.programme, code=code)
    return ServiceRecordFactory(log=log, item=item, **fields)


@dataclass
class HalfYear:
    scene: Scene
    midterm: Report
    final: Report
    approved: WorkLog


def _fill(scene: Scene) -> WorkLog:
    """Five visits to people met, one attempt that met nobody, one consultation; and rows that must not count."""
    own, by = scene.own, scene.own.township
    people = [ClientFactory(station=own.station) for _number in range(3)]
    first = log_of(own, date(2024, 1, 1), "approved", by)
    record_of(first, "T1.4", clients=people[:2], minutes=60)
    last = log_of(own, date(2024, 6, 30), "approved", by)
    record_of(last, "T1.4", clients=people[:1], minutes=60)
    middle = log_of(own, date(2024, 3, 5), "approved", by)
    record_of(middle, "T2.2", clients=people[2:], minutes=60)
    record_of(middle, "T3.1", clients=people[:1], minutes=60, others_served=4)
    record_of(middle, "T1.7", clients=people[1:], minutes=60)
    record_of(middle, "T1.4", clients=people[:1], minutes=60, met=False)
    record_of(middle, "T1.1", clients=[], minutes=30, others_served=1)
    for number, state in enumerate(("submitted", "returned", "draft"), 1):
        record_of(log_of(own, date(2024, 4, number), state, by), "T1.4", clients=people)
    record_of(log_of(own, date(2024, 7, 1), "approved", by), "T1.4", clients=people)
    record_of(log_of(scene.foreign, date(2024, 3, 5), "approved", by), "T1.4", minutes=45)
    return middle


@pytest.fixture
def half_year(scene: Scene) -> HalfYear:
    middle = _fill(scene)
    midterm, final = open_reports(scene.own.contract)
    open_reports(scene.foreign.contract)
    return HalfYear(scene, midterm, final, middle)


@pytest.fixture
def after_period(settings: Any) -> date:
    """The portal stands three days after the mid-term period."""
    settings.DEMO_DATE = AFTER_PERIOD
    return AFTER_PERIOD


def write_all(report: Report, text: str = "本期工作按合同约定开展。") -> None:
    """A text in every section."""
    for section in sections_of(report.kind):
        report.sections.filter(key=section.key).update(text=text)
