"""Figures of everything a user may see: the home page's and the overview's (D3.4)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from budget.models import BudgetLine, Voucher
from jinjiang_portal import access, clock
from jinjiang_portal.charts import Chart, heat, tiles
from jinjiang_portal.home import Figure
from reports.cells import NOTHING
from reports.statistics import Scope, by_station, rate, station_months
from staffing.models import Certificate, Posting
from stations.models import Contract, Programme, Station


def scope_of(user: Any, starts_on: date, ends_on: date) -> Scope:
    """The records a user's own figures are about: the city's, the contracts' or the stations'."""
    where = access.reach(user)
    if where == access.CITY:
        return Scope(starts_on, ends_on)
    if where == access.CONTRACT:
        contracts = Contract.objects.visible_to(user).values_list("pk", flat=True)
        return Scope(starts_on, ends_on, contracts=tuple(contracts))
    stations = Station.objects.visible_to(user).values_list("pk", flat=True)
    return Scope(starts_on, ends_on, stations=tuple(stations))


def records_address(starts_on: date, ends_on: date, **more: Any) -> str:
    """The list of the approved records of the days."""
    query = {"state": "approved", "starts": starts_on.isoformat(), "ends": ends_on.isoformat(), **more}
    return f"{reverse('casework:record-list')}?{urlencode(query)}"


def home_figures(user: Any, today: date) -> Iterable[Figure]:
    """The month's services, the certified rate, the money: four numbers with what they mean."""
    if access.may(user, "record.view"):
        yield from _service_figures(user, today)
    if access.may(user, "vacancy.view"):
        yield from _certified_figure(user, today)
    if access.may(user, "budget.view"):
        yield from _money_figure(user)


def _service_figures(user: Any, today: date) -> Iterable[Figure]:
    first = today.replace(day=1)
    scope = scope_of(user, first, today)
    lines = by_station(scope).values()
    waiting = scope.logs().filter(state="submitted").count()
    address = records_address(first, today)
    sentence = _("Logs of the month still waiting for review: %(count)s.") % {"count": waiting}
    yield Figure(_("Services this month"), f"{sum(line['records'] for line in lines):,}", "", sentence, address)
    people = sum(line["person_times"] for line in lines)
    sentence = _("Person-times served this month: %(count)s.") % {"count": f"{people:,}"}
    yield Figure(_("Visits this month"), f"{sum(line['visits'] for line in lines):,}", "", sentence, address)


def _certified_figure(user: Any, today: date) -> Iterable[Figure]:
    programme = Programme.objects.filter(starts_on__lte=today, ends_on__gte=today).first()
    postings = Posting.objects.visible_to(user).active_on(today)
    holders = Certificate.objects.filter(issued_on__lte=today).values("staff_id")
    posted = postings.aggregate(n=Count("staff_id", distinct=True))["n"]
    certified = postings.filter(staff_id__in=holders).aggregate(n=Count("staff_id", distinct=True))["n"]
    if programme is None or not posted:
        return
    sentence = _("In post %(posted)s, certified %(certified)s; the target is %(target)s%%.") % {
        "posted": posted,
        "certified": certified,
        "target": f"{programme.certified_target.normalize():f}",
    }
    address = reverse("staffing:staff-list") if access.may(user, "staff.view") else ""
    yield Figure(_("Certified rate"), rate(certified, posted) or NOTHING, "%", sentence, address)


def _money_figure(user: Any) -> Iterable[Figure]:
    nothing = Decimal(0)
    budget = BudgetLine.objects.visible_to(user).aggregate(n=Sum("amount"))["n"] or nothing
    spent = Voucher.objects.visible_to(user).spent().aggregate(n=Sum("amount"))["n"] or nothing
    if not budget:
        return
    sentence = _("Spent %(spent)s of %(budget)s yuan.") % {"spent": f"{spent:,.2f}", "budget": f"{budget:,.2f}"}
    yield Figure(_("Budget spent"), rate(spent, budget) or NOTHING, "%", sentence, reverse("budget:execution"))


def station_map(user: Any, starts_on: date, ends_on: date) -> Chart:
    """The stations as tiles where they lie, darker with more services; each leads to its records."""
    counts = by_station(scope_of(user, starts_on, ends_on))
    cells = [
        (
            station.short_name,
            station.township.tile_row,
            station.township.tile_column,
            counts.get(station.pk, {}).get("records", 0),
            records_address(starts_on, ends_on, station=station.pk),
        )
        for station in Station.objects.visible_to(user).select_related("township")
    ]
    return tiles(cells, _("Services by station"), _("records"))


def station_heat(user: Any, starts_on: date, ends_on: date) -> Chart:
    """Stations by months: where and when work fell behind."""
    table = station_months(scope_of(user, starts_on, ends_on))
    stations = Station.objects.visible_to(user).select_related("township")
    months = sorted({month for row in table.values() for month in row})
    names = [_("month %(number)s") % {"number": int(month[5:])} for month in months]
    rows = [
        (station.short_name, [table[station.pk][month] for month in months])
        for station in stations
        if station.pk in table
    ]
    return heat(rows, names, _("Service records by station and month"), _("records"))


def year_so_far() -> tuple[date, date]:
    """The programme year up to today; the calendar year where there is none."""
    today = clock.today()
    programme = Programme.objects.filter(starts_on__lte=today, ends_on__gte=today).first()
    return (programme.starts_on if programme else today.replace(month=1, day=1)), today
