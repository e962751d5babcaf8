"""Every figure used anywhere: one module, grouped queries, approved records only.

The same question gives the same number on every page, in every report and every export. Periods include both days.
Amounts are yuan as strings with two places, rates percent with two places, lengths minutes: the whole answer is plain
JSON, so that it can be frozen with a digest (D3.5).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, ExtractMonth

from budget.models import BudgetLine, Voucher
from casework.models import RecordClient, ServiceRecord
from staffing.models import Certificate, Posting, Vacancy, WorkLog
from stations.models import Contract, ServiceDomain, ServiceTarget, Station, StationYear
from stations.rules import required_headcount

HUNDRED = Decimal(100)
MET = Q(met=True)


@dataclass(frozen=True)
class Scope:
    """Which rows a question is about: a contract's stations (or some stations) over a period."""

    starts_on: date
    ends_on: date
    contract: Contract | None = None
    stations: tuple[int, ...] | None = None

    def logs(self) -> QuerySet[WorkLog]:
        rows = WorkLog.objects.filter(day__gte=self.starts_on, day__lte=self.ends_on)
        if self.contract is not None:
            rows = rows.filter(contract=self.contract)
        if self.stations is not None:
            rows = rows.filter(station_id__in=self.stations)
        return rows

    def records(self) -> QuerySet[ServiceRecord]:
        """Approved records of the scope: the only ones that count."""
        rows = ServiceRecord.objects.filter(day__gte=self.starts_on, day__lte=self.ends_on, log__state="approved")
        if self.contract is not None:
            rows = rows.filter(log__contract=self.contract)
        if self.stations is not None:
            rows = rows.filter(station_id__in=self.stations)
        return rows


def rate(part: int | Decimal, whole: int | Decimal) -> str | None:
    """`part` of `whole` in percent with two places; None where there is no whole."""
    if not whole:
        return None
    return str((Decimal(part) * HUNDRED / Decimal(whole)).quantize(Decimal("0.01")))


VISITS = Sum(
    Case(When(Q(item__counts_as_visit=True) & MET, then=Value(1)), default=Value(0), output_field=IntegerField())
)


def by_item(scope: Scope) -> list[dict[str, Any]]:
    """Per catalogue item: records, quantity in the item's unit, persons served, minutes (G1, T1.1–T5.4)."""
    rows = (
        scope.records()
        .values("item__code", "item__name_zh", "item__name_en", "item__domain", "item__unit", "item__order")
        .annotate(records=Count("id"), quantity=Coalesce(Sum("quantity"), 0), minutes=Coalesce(Sum("minutes"), 0))
        .order_by("item__order")
    )
    people = _person_times(scope, "item__code")
    return [
        {
            "code": row["item__code"],
            "name_zh": row["item__name_zh"],
            "name_en": row["item__name_en"],
            "domain": row["item__domain"],
            "unit": row["item__unit"],
            "records": row["records"],
            "quantity": row["quantity"],
            "person_times": people.get(row["item__code"], 0),
            "minutes": row["minutes"],
        }
        for row in rows
    ]


def _person_times(scope: Scope, key: str) -> dict[Any, int]:
    """Person-times by `key` of the record: clients named in met records and the further people served."""
    met = scope.records().filter(MET)
    named = met.values(key).annotate(n=Count("served")).values_list(key, "n")
    others = met.values(key).annotate(n=Coalesce(Sum("others_served"), 0)).values_list(key, "n")
    totals: dict[Any, int] = dict(named)
    for value, count in others:
        totals[value] = totals.get(value, 0) + count
    return totals


def by_domain(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items' figures added up per domain, in the catalogue's order; every domain is there, with 0 if need be."""
    totals = {domain: {"records": 0, "person_times": 0, "minutes": 0} for domain in ServiceDomain.values}
    for item in items:
        for name in ("records", "person_times", "minutes"):
            totals[item["domain"]][name] += item[name]
    return [{"domain": domain, **figures} for domain, figures in totals.items()]


def by_station(scope: Scope) -> dict[int, dict[str, Any]]:
    """Per station: records, visits made (the person was met), person-times, minutes."""
    rows = (
        scope.records()
        .values("station_id")
        .annotate(records=Count("id"), visits=VISITS, minutes=Sum("minutes"))
        .order_by()
    )
    people = _person_times(scope, "station_id")
    return {
        row["station_id"]: {
            "records": row["records"],
            "visits": row["visits"],
            "minutes": row["minutes"],
            "person_times": people.get(row["station_id"], 0),
        }
        for row in rows
    }


def by_month(scope: Scope) -> list[dict[str, Any]]:
    """Per month of the period and domain: records. Months without records are there with 0."""
    rows = (
        scope.records()
        .annotate(month=ExtractMonth("day"))
        .values("month", "item__domain")
        .annotate(records=Count("id"))
        .order_by()
    )
    counted = {(row["month"], row["item__domain"]): row["records"] for row in rows}
    months = range(scope.starts_on.month, scope.ends_on.month + 1)
    return [
        {"month": month, **{domain: counted.get((month, domain), 0) for domain in ServiceDomain.values}}
        for month in months
    ]


def station_months(scope: Scope) -> dict[int, dict[int, int]]:
    """Records per station and month."""
    rows = (
        scope.records()
        .annotate(month=ExtractMonth("day"))
        .values("station_id", "month")
        .annotate(records=Count("id"))
        .order_by()
    )
    table: dict[int, dict[int, int]] = {}
    for row in rows:
        table.setdefault(row["station_id"], {})[row["month"]] = row["records"]
    return table


def by_category(scope: Scope) -> list[dict[str, Any]]:
    """Client structure (G1): distinct people served and person-times per category held on the day of service."""
    rows = (
        RecordClient.objects.filter(record__in=scope.records().filter(MET).order_by().values("pk"))
        .filter(
            Q(client__categories__ends_on=None) | Q(client__categories__ends_on__gte=F("record__day")),
            client__categories__starts_on__lte=F("record__day"),
        )
        .values("client__categories__category")
        .annotate(people=Count("client_id", distinct=True), person_times=Count("record_id", distinct=True))
        .order_by("client__categories__category")
    )
    return [
        {"category": row["client__categories__category"], "people": row["people"], "person_times": row["person_times"]}
        for row in rows
    ]


def log_states(scope: Scope) -> dict[str, dict[str, int]]:
    """What counts and what does not: logs and their records by the log's state."""
    logs = dict(scope.logs().values_list("state").annotate(n=Count("id")).order_by())
    records = dict(scope.logs().values_list("state").annotate(n=Count("service_records")).order_by())
    states = ("approved", "submitted", "returned", "draft")
    return {state: {"logs": logs.get(state, 0), "records": records.get(state, 0)} for state in states}


def targets(scope: Scope) -> list[dict[str, Any]]:
    """Promised against delivered per target over the contract's stations (D3.2); quantities in the target's unit."""
    if scope.contract is None:
        return []
    done: dict[tuple[int, str], int] = {}
    rows = scope.records().values("station_id", "item__code").annotate(quantity=Sum("quantity")).order_by()
    for row in rows:
        done[row["station_id"], row["item__code"]] = row["quantity"]
    answer: dict[str, dict[str, Any]] = {}
    promised = ServiceTarget.objects.filter(contract_station__contract=scope.contract).select_related(
        "contract_station"
    )
    for target in promised:
        station = target.contract_station.station_id
        if scope.stations is not None and station not in scope.stations:
            continue
        line = answer.setdefault(
            target.code,
            {
                "code": target.code,
                "name_zh": target.name_zh,
                "name_en": target.name_en,
                "unit": target.unit,
                "target": 0,
                "done": 0,
            },
        )
        line["target"] += target.quantity
        line["done"] += sum(done.get((station, code), 0) for code in target.items)
    for line in answer.values():
        line["percent"] = rate(line["done"], line["target"])
    return list(answer.values())


def staffing(stations: list[Station], contract: Contract, day: date) -> dict[str, Any]:
    """Posts against people on a day (S3, S4, D3.1) and the certified rate on it (S8), per station and in all."""
    programme = contract.programme
    years = {year.station_id: year for year in StationYear.objects.filter(programme=programme, station__in=stations)}
    postings = Posting.objects.active_on(day).filter(contract=contract, station__in=stations)
    posted = dict(postings.values_list("station_id").annotate(n=Count("staff_id", distinct=True)).order_by())
    holders = Certificate.objects.filter(issued_on__lte=day).values("staff_id")
    certified = dict(
        postings.filter(staff_id__in=holders)
        .values_list("station_id")
        .annotate(n=Count("staff_id", distinct=True))
        .order_by()
    )
    rows = [
        {
            "station": station.short_name,
            "station_id": station.pk,
            "required": required_headcount(programme, years[station.pk], station.township.pilot_town),
            "posted": posted.get(station.pk, 0),
            "certified": certified.get(station.pk, 0),
        }
        for station in stations
        if station.pk in years
    ]
    total = {name: sum(row[name] for row in rows) for name in ("required", "posted", "certified")}
    return {
        "on": day.isoformat(),
        "rows": rows,
        "total": total,
        "certified_rate": rate(total["certified"], total["posted"]),
        "certified_target": str(programme.certified_target),
    }


def vacancies(contract: Contract, until: date) -> list[dict[str, Any]]:
    """Every vacancy of the contract up to a day: when left, when due, when filled, days open (S5)."""
    rows = Vacancy.objects.filter(contract=contract, last_day__lte=until).select_related("station__township")
    return [
        {
            "station": row.station.short_name,
            "last_day": row.last_day.isoformat(),
            "due_on": row.due_on.isoformat(),
            "filled_on": row.filled_on.isoformat() if row.filled_on else None,
            "days_open": ((row.filled_on or until) - row.last_day).days,
            "overdue": (row.filled_on or until) > row.due_on,
        }
        for row in rows.order_by("last_day")
    ]


def money(contract: Contract, until: date) -> dict[str, Any]:
    """Budget against approved vouchers per share and subject (S9–S12, R3), amounts in yuan."""
    spent = dict(
        Voucher.objects.spent()
        .filter(contract=contract, day__lte=until)
        .values_list("line_id")
        .annotate(n=Sum("amount"))
        .order_by()
    )
    shares: dict[str, dict[str, Any]] = {}
    lines = BudgetLine.objects.filter(contract=contract).select_related("subject__share")
    for line in lines.order_by("subject__share__order", "subject__order"):
        share = line.subject.share
        row = shares.setdefault(
            share.code,
            {
                "code": share.code,
                "clause": share.clause,
                "name_zh": share.name_zh,
                "name_en": share.name_en,
                "percent": str(share.percent),
                "budget": Decimal(0),
                "spent": Decimal(0),
                "subjects": [],
            },
        )
        amount = spent.get(line.pk, Decimal(0))
        row["budget"] += line.amount
        row["spent"] += amount
        row["subjects"].append(
            {
                "code": line.subject.code,
                "name_zh": line.subject.name_zh,
                "name_en": line.subject.name_en,
                "budget": str(line.amount),
                "spent": str(amount),
                "rate": rate(amount, line.amount),
            }
        )
    budget = sum((row["budget"] for row in shares.values()), Decimal(0))
    total = sum((row["spent"] for row in shares.values()), Decimal(0))
    for row in shares.values():
        row["rate"], row["actual_percent"] = rate(row["spent"], row["budget"]), rate(row["spent"], total)
        row["budget"], row["spent"] = str(row["budget"]), str(row["spent"])
    return {"shares": list(shares.values()), "budget": str(budget), "spent": str(total), "rate": rate(total, budget)}


def report_figures(contract: Contract, starts_on: date, ends_on: date, today: date) -> dict[str, Any]:
    """Every figure of a work report of the contract over the period, as plain JSON (D3.5, DOMAIN 8).

    Stocks (people, certificates, vacancies) stand as of the period's end, or of today while the period still runs.
    """
    scope = Scope(starts_on, ends_on, contract)
    lots = contract.contract_stations.select_related("station__township").order_by("station__township__code")
    stations = [lot.station for lot in lots]
    as_of = min(ends_on, today)
    items, per_station, months = by_item(scope), by_station(scope), station_months(scope)
    empty = {"records": 0, "visits": 0, "minutes": 0, "person_times": 0}
    return {
        "period": [starts_on.isoformat(), ends_on.isoformat()],
        "as_of": as_of.isoformat(),
        "contract": {
            "number": contract.number,
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
        "stations": [
            {
                "id": station.pk,
                "name": station.township.name,
                "short_name": station.short_name,
                **per_station.get(station.pk, empty),
                "months": {str(month): count for month, count in sorted(months.get(station.pk, {}).items())},
            }
            for station in stations
        ],
        "months": by_month(scope),
        "categories": by_category(scope),
        "targets": targets(scope),
        "logs": log_states(scope),
        "money": money(contract, as_of),
        "totals": {
            "records": sum(item["records"] for item in items),
            "person_times": sum(item["person_times"] for item in items),
            "visits": sum(row["visits"] for row in per_station.values()),
            "minutes": sum(item["minutes"] for item in items),
        },
    }


def digest(figures: Any) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(figures, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
