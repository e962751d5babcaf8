"""Rules of casework as pure functions: what a record counts, when a visit is due, what consent needs."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from jinjiang_portal.identity import age_on
from stations.models import ServiceItem, Unit, VisitRule

GUARDIAN_BELOW = 14  # years: Personal Information Protection Law, art. 31


def count_of(item: ServiceItem, clients: int, households: int, others: int, met: bool = True) -> int:
    """How much a record counts, in the item's own unit of count (T1.1–T5.4).

    `clients` people on file, `households` their different households, `others` further people. A visit at which nobody
    was met counts nothing; things done (times, sessions, pieces, cases) count one a record.
    """
    if item.counts_as_visit and not met:
        return 0
    if item.unit == Unit.PERSON_TIMES:
        return clients + others
    if item.unit in (Unit.HOUSEHOLD_TIMES, Unit.HOUSEHOLDS):
        return max(households, 1 if others else 0)
    return 1


def household_count(clients: Iterable[tuple[object, object]]) -> int:
    """Different households of (client, household) pairs; a client without a household is one of its own."""
    return len({household or client for client, household in clients})


def households_said(item: ServiceItem, answers: Mapping[str, Any]) -> int:
    """Households of an item that names nobody (screening, T1.2): its first required whole number."""
    if item.needs_client:
        return 0
    for field in item.fields:
        if field["kind"] == "integer" and field.get("required"):
            return int(answers.get(field["name"]) or 0)
    return 0


def visit_due(
    categories: Iterable[str], risk: str, last_visit: date | None, known_since: date, rules: Mapping[str, VisitRule]
) -> date | None:
    """The day by which the client is to be visited again; None when no rule of the programme asks for visits.

    The shortest interval of the client's categories at the risk level counts, from the last visit or, without one, from
    the day the client came on file (DOMAIN 2).
    """
    days = [getattr(rules[code], f"days_{risk}") for code in categories if code in rules]
    if not days:
        return None
    return (last_visit or known_since) + timedelta(days=min(days))


def needs_guardian(birth_date: date, day: date) -> bool:
    """Whether consent must be a guardian's: the child is under 14."""
    return age_on(birth_date, day) < GUARDIAN_BELOW
