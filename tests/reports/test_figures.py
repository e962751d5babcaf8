"""The figures against rows counted by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budget.models import BudgetLine, Voucher
from casework.models import ClientCategory, ServiceRecord
from reports import statistics
from reports.figures import counted_records, digest, report_figures
from reports.statistics import Scope
from staffing.models import Certificate, Posting, Vacancy
from stations.models import BudgetSubject, ContractStation, ServiceItem, ServiceTarget
from tests.factories import ServiceRecordFactory
from tests.reports.conftest import MINUTES, RECORDS, VISITS, HalfYear, log_of, record_of
from tests.scenes import Scene

pytestmark = pytest.mark.tier

START, END = date(2024, 1, 1), date(2024, 6, 30)


def figures_of(half_year: HalfYear) -> dict:
    return report_figures(half_year.scene.own.contract, START, END, date(2024, 7, 3))


def test_only_approved_records_of_the_contract_in_the_period_count(half_year: HalfYear) -> None:
    totals = figures_of(half_year)["totals"]
    # Person-times: 2 + 1 + 1 + (1 + 4) + 2 named and further people of met records, and the one who asked.
    assert totals == {"records": RECORDS, "visits": VISITS, "minutes": MINUTES, "person_times": 12, "people": 3}


def test_what_does_not_count_is_told_by_state(half_year: HalfYear) -> None:
    assert figures_of(half_year)["logs"] == {
        "approved": {"logs": 3, "records": 7},
        "submitted": {"logs": 1, "records": 1},
        "returned": {"logs": 1, "records": 1},
        "draft": {"logs": 1, "records": 1},
    }


def test_both_edges_of_the_period_are_included(half_year: HalfYear) -> None:
    contract = half_year.scene.own.contract
    for day in (START, END):
        assert statistics.by_item(Scope(day, day, contract))[0]["records"] == 1
    assert not statistics.by_item(Scope(START + timedelta(days=1), date(2024, 3, 4), contract))


def test_an_attempt_that_met_nobody_is_a_record_but_no_quantity(half_year: HalfYear) -> None:
    line = next(item for item in figures_of(half_year)["items"] if item["code"] == "T1.4")
    assert (line["records"], line["quantity"], line["person_times"], line["minutes"]) == (3, 2, 3, 180)


def test_parts_add_up_to_the_whole(half_year: HalfYear) -> None:
    figures = figures_of(half_year)
    for name in ("records", "person_times", "minutes"):
        whole = figures["totals"][name]
        assert sum(item[name] for item in figures["items"]) == whole
        assert sum(row[name] for row in figures["domains"]) == whole
        assert sum(line[name] for line in figures["stations"]) == whole
    months = [sum(count for name, count in row.items() if name != "month") for row in figures["months"]]
    assert months == [1, 0, 5, 0, 0, 1]
    assert list(figures["stations"][0]["months"].values()) == months


def test_the_rows_behind_the_figures_hold_no_client(half_year: HalfYear) -> None:
    scope = Scope(START, END, half_year.scene.own.contract)
    rows = counted_records(scope)
    assert len(rows) == RECORDS
    assert sum(row[-1] for row in rows) == VISITS
    written = str(rows)
    assert not any(client.name in written for record in scope.records() for client in record.clients.all())


def test_a_mandatory_report_names_no_village(half_year: HalfYear) -> None:
    village = half_year.scene.own.station.township.villages.first()
    record_of(half_year.approved, "T3.8", village=village)
    record_of(half_year.approved, "T1.1", village=village)
    rows = counted_records(Scope(START, END, half_year.scene.own.contract))
    assert {row[2]: row[5] for row in rows if row[2] in ("T3.8",)} == {"T3.8": ""}
    assert village.short_name in [row[5] for row in rows]


def test_targets_count_what_was_delivered_at_each_station(half_year: HalfYear) -> None:
    lot = ContractStation.objects.get(contract=half_year.scene.own.contract)
    ServiceTarget.objects.create(
        contract_station=lot, code="visits", name_zh="走访", name_en="Visits", unit="person_times",
        items=["T1.4", "T2.2"], quantity=8,
    )  # fmt: skip
    figures = figures_of(half_year)
    line = figures["targets"][0]
    assert (line["target"], line["done"], line["percent"]) == (8, 3, "37.50")
    assert figures["stations"][0]["targets"] == figures["targets"]


def test_client_structure_uses_the_categories_of_the_day_of_service(half_year: HalfYear) -> None:
    record = ServiceRecord.objects.get(item__code="T2.2")
    client = record.clients.get()
    ClientCategory.objects.create(client=client, category="E-KC", starts_on=date(2024, 1, 1), ends_on=date(2024, 3, 5))
    ClientCategory.objects.create(client=client, category="E-DJ", starts_on=date(2024, 3, 6))
    ClientCategory.objects.create(client=client, category="R-DBB", starts_on=date(2024, 1, 1))
    # The client was met twice on that day, and stood in two categories on it.
    assert statistics.by_category(Scope(START, END, half_year.scene.own.contract)) == [
        {"category": "E-KC", "people": 1, "person_times": 2},
        {"category": "R-DBB", "people": 1, "person_times": 2},
    ]


def test_a_vacancy_stands_as_it_stood_at_the_end_of_the_period(half_year: HalfYear) -> None:
    own = half_year.scene.own
    Vacancy.objects.create(
        station=own.station, contract=own.contract, last_day=date(2024, 6, 10), due_on=date(2024, 7, 10),
        filled_on=date(2024, 7, 20),
    )  # fmt: skip
    at_end = statistics.vacancies(own.contract, END)[0]
    assert (at_end["filled_on"], at_end["days_open"], at_end["overdue"]) == (None, 20, False)
    later = statistics.vacancies(own.contract, date(2024, 7, 31))[0]
    assert (later["filled_on"], later["days_open"], later["overdue"]) == ("2024-07-20", 40, True)
    assert statistics.vacancies(own.contract, date(2024, 6, 10)) == []


def test_staffing_counts_posts_people_and_certificates_of_the_day(scene: Scene) -> None:
    own = scene.own
    Certificate.objects.create(staff=own.staff, level="junior", number="1", issued_on=date(2024, 5, 1))
    Certificate.objects.create(staff=own.staff, level="intermediate", number="2", issued_on=date(2024, 7, 1))
    before, after = (
        statistics.staffing([own.station], own.contract, day) for day in (date(2024, 4, 30), date(2024, 5, 1))
    )
    assert before["total"] | {"required": 0} == {"required": 0, "posted": 1, "certified": 0}
    assert (after["total"]["certified"], after["certified_rate"]) == (1, "100.00")
    assert after["rows"][0]["people"][0]["level"] == "junior"
    Posting.objects.filter(pk=own.posting.pk).update(ends_on=date(2024, 4, 30))
    assert statistics.staffing([own.station], own.contract, date(2024, 5, 1))["total"]["posted"] == 0


def _line(scene: Scene, code: str, amount: str) -> BudgetLine:
    subject = BudgetSubject.objects.get(share__programme=scene.programme, code=code)
    return BudgetLine.objects.create(contract=scene.own.contract, subject=subject, amount=Decimal(amount))


def _voucher(scene: Scene, line: BudgetLine, number: int, amount: str, state: str, day: date) -> None:
    approved = {"approved_by": scene.own.manager, "approved_at": "2024-06-01T10:00:00+08:00"}
    Voucher.objects.create(
        contract=scene.own.contract, number=number, day=day, line=line, amount=Decimal(amount), payee="某公司",
        purpose="办公", state=state, prepared_by=scene.own.finance, **(approved if state == "approved" else {}),
    )  # fmt: skip


def test_only_approved_vouchers_of_the_period_are_spending(scene: Scene) -> None:
    line, other = _line(scene, "A1", "1000.00"), _line(scene, "B1", "500.00")
    _voucher(scene, line, 1, "100.10", "approved", END)
    _voucher(scene, line, 2, "0.20", "approved", START)
    _voucher(scene, other, 3, "50.05", "approved", START)
    _voucher(scene, line, 4, "70.00", "prepared", START)
    _voucher(scene, line, 5, "70.00", "approved", date(2024, 7, 1))
    money = statistics.money(scene.own.contract, END)
    assert (money["budget"], money["spent"], money["left"], money["rate"]) == ("1500.00", "150.35", "1349.65", "10.02")
    assert [share["spent"] for share in money["shares"]] == ["100.30", "50.05"]
    assert money["shares"][0]["subjects"][0]["spent"] == "100.30"


def test_no_budget_is_no_rate(scene: Scene) -> None:
    assert statistics.money(scene.own.contract, END)["rate"] is None


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        (date(2024, 1, 1), date(2024, 1, 31), ["2024-01"]),
        (date(2024, 11, 30), date(2025, 2, 1), ["2024-11", "2024-12", "2025-01", "2025-02"]),
    ],
)
def test_months_of_a_period_may_cross_the_year(starts_on: date, ends_on: date, months: list[str]) -> None:
    assert statistics.months_of(starts_on, ends_on) == months


def test_the_digest_is_that_of_the_content_not_of_its_order() -> None:
    assert digest({"a": 1, "b": "二"}) == digest({"b": "二", "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


CODES = ("T1.1", "T1.4", "T2.2", "T3.12")
ROW = st.tuples(
    st.sampled_from(CODES), st.integers(0, 200), st.integers(5, 900), st.booleans(), st.integers(0, 30),
    st.integers(1, 9),
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=8))
def test_totals_by_item_are_the_sums_of_the_records(scene: Scene, rows: list) -> None:
    own = scene.own
    ServiceRecord.objects.all().delete()
    own.contract.logs.all().delete()
    items = {item.code: item for item in ServiceItem.objects.filter(programme=scene.programme, code__in=CODES)}
    for code, offset, minutes, met, others, quantity in rows:
        day = START + timedelta(days=offset)
        log = own.contract.logs.filter(day=day).first() or log_of(own, day, "approved", own.township)
        ServiceRecordFactory(
            log=log, item=items[code], minutes=minutes, met=met, others_served=others, quantity=quantity
        )
    within = [row for row in rows if START + timedelta(days=row[1]) <= END]
    scope = Scope(START, END, own.contract)
    for line in statistics.by_item(scope):
        mine = [row for row in within if row[0] == line["code"]]
        assert line["records"] == len(mine)
        assert line["minutes"] == sum(row[2] for row in mine)
        assert line["quantity"] == sum(row[5] for row in mine if row[3])
        assert line["person_times"] == sum(row[4] for row in mine if row[3])
    assert sum(line["records"] for line in statistics.by_item(scope)) == len(within)
    assert sum(sum(months.values()) for months in statistics.station_months(scope).values()) == len(within)
