"""All figures of a work report as one plain JSON value, and the rows they were counted from (D3.5, DOMAIN 8)."""

import hashlib
import json
from datetime import date
from typing import Any

from casework.models import ServiceMode
from reports.statistics import (
    Scope,
    add_targets,
    by_category,
    by_domain,
    by_item,
    by_month,
    by_station,
    by_station_item,
    log_states,
    money,
    months_of,
    people_served,
    staffing,
    station_months,
    station_targets,
    vacancies,
)
from stations.models import Contract, Station

# Mandatory reports name no place: a village and a day would give the child away (DOMAIN 2).
PLACELESS = {"T3.8"}


def report_figures(contract: Contract, starts_on: date, ends_on: date, today: date) -> dict[str, Any]:
    """Every figure of a work report of the contract over the period, as plain JSON (D3.5, DOMAIN 8).

    Stocks (people, certificates, vacancies, money) stand as of the period's end, or of today while it still runs.
    """
    scope = Scope(starts_on, ends_on, contract)
    lots = contract.contract_stations.select_related("station__township").order_by("station__township__code")
    stations = [lot.station for lot in lots]
    as_of = min(ends_on, today)
    items, per_target = by_item(scope), station_targets(scope)
    lines = _station_lines(scope, stations, per_target)
    return {
        "period": [starts_on.isoformat(), ends_on.isoformat()],
        "as_of": as_of.isoformat(),
        "contract": {
            "number": contract.number,
            "title": contract.title,
            "contractor": contract.contractor.name,
            "amount": str(contract.amount),
            "starts_on": contract.starts_on.isoformat(),
            "ends_on": contract.ends_on.isoformat(),
            "stations": len(stations),
        },
        "staffing": staffing(stations, contract, as_of),
        "vacancies": vacancies(contract, as_of),
        "items": items,
        "domains": by_domain(items),
        "stations": lines,
        "months": by_month(scope),
        "categories": by_category(scope),
        "targets": add_targets(per_target),
        "logs": log_states(scope),
        "money": money(contract, as_of),
        "totals": {
            **{name: sum(item[name] for item in items) for name in ("records", "person_times", "minutes")},
            "visits": sum(line["visits"] for line in lines),
            "people": people_served(scope),
        },
    }


def _station_lines(scope: Scope, stations: list[Station], per_target: dict[int, Any]) -> list[dict[str, Any]]:
    """One line a station with all that its own page of the report shows of services."""
    counts, months, items = by_station(scope), station_months(scope), by_station_item(scope)
    none = {"records": 0, "visits": 0, "minutes": 0, "person_times": 0}
    empty = dict.fromkeys(months_of(scope.starts_on, scope.ends_on), 0)
    return [
        {
            "id": station.pk,
            "name": station.township.name,
            "short_name": station.short_name,
            **counts.get(station.pk, none),
            "months": months.get(station.pk, empty),
            "items": items.get(station.pk, []),
            "targets": per_target.get(station.pk, []),
        }
        for station in stations
    ]


def digest(figures: Any) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(figures, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def counted_records(scope: Scope) -> list[list[Any]]:
    """The approved records themselves, oldest first, without clients: one plain row a record.

    Day, station, item code, item name, worker, village, way, minutes, quantity, met (1/0), visit (1/0).
    """
    modes = dict(ServiceMode.choices)
    rows = (
        scope.records()
        .select_related("station__township", "item", "log__staff", "village")
        .order_by("day", "pk")
        .iterator(2000)
    )
    return [
        [
            row.day.isoformat(),
            row.station.short_name,
            row.item.code,
            row.item.name_zh,
            row.log.staff.name,
            row.village.short_name if row.village and row.item.code not in PLACELESS else "",
            str(modes.get(row.mode, row.mode)),
            row.minutes,
            row.quantity if row.met else 0,
            int(row.met),
            int(row.met and row.item.counts_as_visit),
        ]
        for row in rows
    ]
