"""Every figure used anywhere: one module, grouped queries, approved records only.

The same question gives the same number on every page, in every report and every export. Periods include both days.
Amounts are yuan as strings with two places, rates percent with two places, lengths minutes: every answer is plain
JSON, so that `reports.figures` can freeze them all with a digest (D3.5).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, TruncMonth

from budget.models import BudgetLine, Voucher
from casework.models import RecordClient, ServiceRecord
from jinjiang_portal.money import yuan
from staffing.models import Certificate, CertificateLevel, Posting, Vacancy, WorkLog
from stations.models import BudgetShare, Contract, ServiceDomain, ServiceTarget, Station, StationYear
from stations.rules import required_headcount

HUNDRED = Decimal(100)
LEVELS = CertificateLevel.values  # lowest first
MET = Q(met=True)


@dataclass(frozen=True)
class Scope:
    """Which rows a question is about: a contract's stations (or some stations) over a period."""

    starts_on: date
    ends_on: date
    contract: Contract | None = None
    stations: tuple[int, ...] | None = None
    contracts: tuple[Any, ...] | None = None

    def _narrowed(self, rows: QuerySet[Any], contract: str) -> QuerySet[Any]:
        rows = rows.filter(day__gte=self.starts_on, day__lte=self.ends_on)
        if self.contract is not None:
            rows = rows.filter(**{contract: self.contract})
        if self.contracts is not None:
            rows = rows.filter(**{f"{contract}__in": self.contracts})
        if self.stations is not None:
            rows = rows.filter(station_id__in=self.stations)
        return rows

    def logs(self) -> QuerySet[WorkLog]:
        return self._narrowed(WorkLog.objects.all(), "contract")

    def records(self) -> QuerySet[ServiceRecord]:
        """Approved records of the scope: the only ones that count."""
        return self._narrowed(ServiceRecord.objects.filter(log__state="approved"), "log__contract")


def rate(part: int | Decimal, whole: int | Decimal) -> str | None:
    """`part` of `whole` in percent with two places; None where there is no whole."""
    if not whole:
        return None
    return str((Decimal(part) * HUNDRED / Decimal(whole)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


VISITS = Sum(
    Case(When(Q(item__counts_as_visit=True) & MET, then=Value(1)), default=Value(0), output_field=IntegerField())
)


# What was achieved: an attempt that met nobody is a record, but no quantity of the item.
ACHIEVED = Coalesce(Sum("quantity", filter=MET), 0)


def by_item(scope: Scope) -> list[dict[str, Any]]:
    """Per catalogue item: records, quantity in the item's unit, person-times, minutes (G1, T1.1–T5.4)."""
    rows = _item_rows(scope, "item__code")
    people = {key[0]: count for key, count in _person_times(scope, "item__code").items()}
    return [_item_line(row, people.get(row["item__code"], 0)) for row in rows]


def by_station_item(scope: Scope) -> dict[int, list[dict[str, Any]]]:
    """The same per station: its pages of the report."""
    people = _person_times(scope, "station_id", "item__code")
    answer: dict[int, list[dict[str, Any]]] = {}
    for row in _item_rows(scope, "station_id"):
        line = _item_line(row, people.get((row["station_id"], row["item__code"]), 0))
        answer.setdefault(row["station_id"], []).append(line)
    return answer


def _item_rows(scope: Scope, key: str) -> QuerySet[Any, Any]:
    names = ("item__code", "item__name_zh", "item__name_en", "item__domain", "item__unit", "item__order")
    return (
        scope.records()
        .values(*dict.fromkeys((key, *names)))
        .annotate(records=Count("id"), achieved=ACHIEVED, time=Coalesce(Sum("minutes"), 0))
        .order_by("item__order")
    )


def _item_line(row: dict[str, Any], person_times: int) -> dict[str, Any]:
    return {
        "code": row["item__code"],
        "name_zh": row["item__name_zh"],
        "name_en": row["item__name_en"],
        "domain": row["item__domain"],
        "unit": row["item__unit"],
        "records": row["records"],
        "quantity": row["achieved"],
        "person_times": person_times,
        "minutes": row["time"],
    }


def _person_times(scope: Scope, *keys: str) -> dict[tuple[Any, ...], int]:
    """Person-times by `keys` of the record: clients named in met records and the further people served."""
    met = scope.records().filter(MET)
    totals: dict[tuple[Any, ...], int] = {}
    # Two queries: joined to its clients, a record would count its further people once per client.
    for count in (Count("served"), Coalesce(Sum("others_served"), 0)):
        for *key, number in met.order_by().values_list(*keys).annotate(n=count):
            totals[tuple(key)] = totals.get(tuple(key), 0) + number
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
        .annotate(records=Count("id"), visits=VISITS, time=Coalesce(Sum("minutes"), 0))
        .order_by()
    )
    people = {key[0]: count for key, count in _person_times(scope, "station_id").items()}
    return {
        row["station_id"]: {
            "records": row["records"],
            "visits": row["visits"],
            "minutes": row["time"],
            "person_times": people.get(row["station_id"], 0),
        }
        for row in rows
    }


def months_of(starts_on: date, ends_on: date) -> list[str]:
    """The months a period touches, as 2024-06."""
    first, last = starts_on.year * 12 + starts_on.month - 1, ends_on.year * 12 + ends_on.month - 1
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(first, last + 1)]


def by_month(scope: Scope) -> list[dict[str, Any]]:
    """Per month of the period and domain: records. Months without records are there with 0."""
    rows = (
        scope.records()
        .annotate(month=TruncMonth("day"))
        .values("month", "item__domain")
        .annotate(records=Count("id"))
        .order_by()
    )
    counted = {(f"{row['month']:%Y-%m}", row["item__domain"]): row["records"] for row in rows}
    return [
        {"month": month, **{domain: counted.get((month, domain), 0) for domain in ServiceDomain.values}}
        for month in months_of(scope.starts_on, scope.ends_on)
    ]


def station_months(scope: Scope) -> dict[int, dict[str, int]]:
    """Records per station and month (2024-06); every month of the period is there for a station with records."""
    rows = (
        scope.records()
        .annotate(month=TruncMonth("day"))
        .values("station_id", "month")
        .annotate(records=Count("id"))
        .order_by()
    )
    table: dict[int, dict[str, int]] = {}
    for row in rows:
        empty = dict.fromkeys(months_of(scope.starts_on, scope.ends_on), 0)
        table.setdefault(row["station_id"], empty)[f"{row['month']:%Y-%m}"] = row["records"]
    return table


def people_served(scope: Scope) -> int:
    """Distinct clients who were met in the period."""
    met = RecordClient.objects.filter(record__in=scope.records().filter(MET).order_by().values("pk"))
    return met.aggregate(n=Count("client_id", distinct=True))["n"]


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


def station_targets(scope: Scope) -> dict[int, list[dict[str, Any]]]:
    """Promised against delivered per station and target of the contract (D3.2), in the target's unit."""
    if scope.contract is None:
        return {}
    done = {
        (row["station_id"], row["item__code"]): row["achieved"]
        for row in scope.records().values("station_id", "item__code").annotate(achieved=ACHIEVED).order_by()
    }
    promised = ServiceTarget.objects.filter(contract_station__contract=scope.contract)
    if scope.stations is not None:
        promised = promised.filter(contract_station__station_id__in=scope.stations)
    answer: dict[int, list[dict[str, Any]]] = {}
    for target in promised.select_related("contract_station").order_by("contract_station_id", "id"):
        station = target.contract_station.station_id
        delivered = sum(done.get((station, code), 0) for code in target.items)
        line = {
            "code": target.code,
            "name_zh": target.name_zh,
            "name_en": target.name_en,
            "unit": target.unit,
            "target": target.quantity,
            "done": delivered,
            "percent": rate(delivered, target.quantity),
        }
        answer.setdefault(station, []).append(line)
    return answer


def targets(scope: Scope) -> list[dict[str, Any]]:
    """Promised against delivered per target over all stations of the scope."""
    return add_targets(station_targets(scope))


def add_targets(per_station: dict[int, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The stations' targets added up per target, in the order of their first appearance."""
    answer: dict[str, dict[str, Any]] = {}
    for lines in per_station.values():
        for line in lines:
            total = answer.setdefault(line["code"], {**line, "target": 0, "done": 0})
            total["target"] += line["target"]
            total["done"] += line["done"]
    for total in answer.values():
        total["percent"] = rate(total["done"], total["target"])
    return list(answer.values())


def staffing(stations: list[Station], contract: Contract, day: date) -> dict[str, Any]:
    """Posts against people on a day (S3, S4, D3.1) and the certified rate on it (S8), per station and in all."""
    programme = contract.programme
    years = {year.station_id: year for year in StationYear.objects.filter(programme=programme, station__in=stations)}
    postings = Posting.objects.active_on(day).filter(contract=contract, station__in=stations)
    holders = Certificate.objects.filter(issued_on__lte=day).values("staff_id")
    heads = Count("staff_id", distinct=True)
    posted = dict(postings.order_by().values_list("station_id").annotate(n=heads))
    certified = dict(postings.filter(staff_id__in=holders).order_by().values_list("station_id").annotate(n=heads))
    people = _people(postings, day)
    rows = [
        {
            "station": station.short_name,
            "station_id": station.pk,
            "required": required_headcount(programme, years[station.pk], station.township.pilot_town),
            "posted": posted.get(station.pk, 0),
            "certified": certified.get(station.pk, 0),
            "people": people.get(station.pk, []),
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


def _people(postings: QuerySet[Posting], day: date) -> dict[int, list[dict[str, Any]]]:
    """The people in post per station with the highest certificate held on the day, longest in post first."""
    certificates = Certificate.objects.filter(issued_on__lte=day, staff__in=postings.values("staff_id"))
    highest: dict[Any, str] = {}
    for staff, level in certificates.values_list("staff_id", "level"):
        if staff not in highest or LEVELS.index(level) > LEVELS.index(highest[staff]):
            highest[staff] = level
    answer: dict[int, list[dict[str, Any]]] = {}
    for posting in postings.select_related("staff").order_by("starts_on", "staff__pinyin", "pk"):
        person = {
            "name": posting.staff.name,
            "education": posting.staff.education,
            "level": highest.get(posting.staff_id, ""),
            "since": posting.starts_on.isoformat(),
        }
        answer.setdefault(posting.station_id, []).append(person)
    return answer


def vacancies(contract: Contract, until: date) -> list[dict[str, Any]]:
    """Every vacancy of the contract up to a day, as it stood then: when left, due, filled, days open (S5)."""
    rows = Vacancy.objects.filter(contract=contract, last_day__lt=until).select_related("station__township")
    return [_vacancy_line(row, until) for row in rows.order_by("last_day", "pk")]


def _vacancy_line(row: Vacancy, until: date) -> dict[str, Any]:
    filled_on = row.filled_on if row.filled_on and row.filled_on <= until else None
    return {
        "station": row.station.short_name,
        "station_id": row.station_id,
        "last_day": row.last_day.isoformat(),
        "due_on": row.due_on.isoformat(),
        "filled_on": filled_on.isoformat() if filled_on else None,
        "days_open": ((filled_on or until) - row.last_day).days,
        "overdue": (filled_on or until) > row.due_on,
    }


def money(contract: Contract, until: date) -> dict[str, Any]:
    """Budget against approved vouchers per share and subject (S9–S12, R3), amounts in yuan."""
    vouchers = Voucher.objects.spent().filter(contract=contract, day__lte=until).order_by()
    spent = {line: yuan(total) for line, total in vouchers.values_list("line_id").annotate(n=Sum("amount"))}
    shares: dict[str, dict[str, Any]] = {}
    lines = BudgetLine.objects.filter(contract=contract).select_related("subject__share")
    for line in lines.order_by("subject__share__order", "subject__order"):
        share, amount = line.subject.share, spent.get(line.pk, Decimal("0.00"))
        row = shares.setdefault(share.code, _share_line(share))
        row["budget"] += line.amount
        row["spent"] += amount
        row["subjects"].append(
            {
                "code": line.subject.code,
                "name_zh": line.subject.name_zh,
                "name_en": line.subject.name_en,
                **_spent_of(line.amount, amount),
            }
        )
    budget = sum((row["budget"] for row in shares.values()), Decimal("0.00"))
    total = sum((row["spent"] for row in shares.values()), Decimal("0.00"))
    for row in shares.values():
        row["actual_percent"] = rate(row["spent"], total)
        row |= _spent_of(row["budget"], row["spent"])
    return {"shares": list(shares.values()), **_spent_of(budget, total)}


def _share_line(share: BudgetShare) -> dict[str, Any]:
    return {
        "code": share.code,
        "clause": share.clause,
        "name_zh": share.name_zh,
        "name_en": share.name_en,
        "percent": str(share.percent),
        "budget": Decimal("0.00"),
        "spent": Decimal("0.00"),
        "subjects": [],
    }


def _spent_of(budget: Decimal, spent: Decimal) -> dict[str, Any]:
    return {
        "budget": str(yuan(budget)),
        "spent": str(yuan(spent)),
        "left": str(yuan(budget - spent)),
        "rate": rate(spent, budget),
    }
