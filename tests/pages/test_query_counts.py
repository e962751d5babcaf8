"""Every list page costs the same number of queries for 1 row and for 50 (kept as data in tests/query_counts.json).

`UPDATE_QUERY_COUNTS=1` writes the file anew; the difference then shows in review.
"""

import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budget.models import Voucher
from budget.workflow import make_lines
from jinjiang_portal.accounts.models import Notice
from staffing.models import Vacancy
from stations.models import BudgetSubject
from tests.factories import ClientFactory, PostingFactory, ServiceRecordFactory, StaffFactory, WorkLogFactory
from tests.scenes import Scene, make_log

pytestmark = pytest.mark.tier

KEPT = Path(__file__).parent.parent / "query_counts.json"
DAY = date(2024, 6, 27)


def clients(scene: Scene, count: int) -> None:
    for _number in range(count):
        ClientFactory(station=scene.own.station)


def records(scene: Scene, count: int) -> None:
    client = ClientFactory(station=scene.own.station)
    log = make_log(scene.own, DAY - timedelta(days=count), state="draft")
    for _number in range(count):
        ServiceRecordFactory(log=log, clients=[client])


def logs(scene: Scene, count: int) -> None:
    first = scene.own.staff.logs.count()
    for number in range(first, first + count):
        make_log(scene.own, DAY - timedelta(days=number), state="submitted")


def drafts(scene: Scene, count: int) -> None:
    first = scene.own.staff.logs.count()
    for number in range(first, first + count):
        day = DAY - timedelta(days=number)
        WorkLogFactory(staff=scene.own.staff, station=scene.own.station, contract=scene.own.contract, day=day)


def staff(scene: Scene, count: int) -> None:
    for _number in range(count):
        PostingFactory(
            staff=StaffFactory(contractor=scene.own.contractor), station=scene.own.station, contract=scene.own.contract
        )


def vacancies(scene: Scene, count: int) -> None:
    for number in range(count):
        Vacancy.objects.create(
            station=scene.own.station, contract=scene.own.contract, last_day=DAY - timedelta(days=number), due_on=DAY
        )


def vouchers(scene: Scene, count: int) -> None:
    if not scene.own.contract.budget_lines.exists():
        make_lines(scene.own.contract, dict.fromkeys(BudgetSubject.objects.values_list("code", flat=True), 1))
    first = Voucher.objects.count()
    for number in range(count):
        Voucher.objects.create(
            contract=scene.own.contract, number=first + number + 1, day=DAY,
            line=scene.own.contract.budget_lines.first(),
            amount="5.00", payee="某商行", purpose="物资", state="prepared", prepared_by=scene.own.finance,
        )  # fmt: skip


def notices(scene: Scene, count: int) -> None:
    for number in range(count):
        Notice.objects.create(recipient=scene.own.worker, text="Saved.", key=f"n{count}-{number}")


PAGES: dict[str, tuple[str, Callable[[Scene, int], None]]] = {
    "casework:client-list": ("station_worker", clients),
    "casework:record-list": ("station_worker", records),
    "staffing:log-list": ("bureau_admin", logs),
    "staffing:log-review": ("township_supervisor", logs),
    "staffing:log-week": ("station_worker", drafts),
    "staffing:staff-list": ("contractor_manager", staff),
    "staffing:vacancy-list": ("bureau_admin", vacancies),
    "budget:voucher-list": ("contractor_finance", vouchers),
    "budget:execution": ("bureau_admin", vouchers),
    "stations:station-list": ("bureau_admin", staff),
    "stations:contract-list": ("bureau_admin", staff),
    "messages": ("station_worker", notices),
    "home": ("township_supervisor", logs),
    "api:client-list": ("station_worker", clients),
    "api:log-list": ("township_supervisor", logs),
}


def count_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(url)
    assert answer.status_code == 200, url
    return len(captured)


@pytest.mark.parametrize("name", list(PAGES))
def test_a_list_costs_the_same_for_one_row_and_for_fifty(scene: Scene, client: Client, name: str):
    role, make = PAGES[name]
    client.force_login(scene.users[role])
    url = reverse(name)
    make(scene, 1)
    client.get(url)  # caches of content types and the like are filled once
    one = count_queries(client, url)
    make(scene, 49)
    client.get(url)  # what the page remembers of its reader is written on the first look
    many = count_queries(client, url)
    kept: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        KEPT.write_text(json.dumps(kept | {name: many}, indent=2, sort_keys=True) + "\n")
        kept[name] = many
    assert one == many, f"{name}: {one} queries for one row, {many} for fifty"
    assert many == kept.get(name), f"{name}: {many} queries, {kept.get(name)} are kept in {KEPT.name}"
