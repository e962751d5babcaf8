"""Named questions about staff, postings, vacancies and logs."""

from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Replace

from jinjiang_portal import access
from jinjiang_portal.names import normalise_query


def _stations(user: Any) -> models.QuerySet[Any]:
    return apps.get_model("stations", "station").objects.visible_to(user)


def _contracts(user: Any) -> models.QuerySet[Any]:
    return apps.get_model("stations", "contract").objects.visible_to(user)


def _per_log(model: Any, aggregate: Any) -> Subquery:
    """One figure per log from rows that hang on it."""
    rows = model._base_manager.filter(log=OuterRef("pk")).order_by().values("log")
    return Subquery(rows.annotate(figure=aggregate).values("figure"))


class ContractRows(models.QuerySet[Any]):
    """Rows that carry `station` and `contract`: seen by the city, by their township, by the parties of the contract."""

    def visible_to(self, user: Any) -> "ContractRows":
        where = access.reach(user)
        if where == access.CITY:
            return self.all()
        if where == access.CONTRACT:
            return self.filter(contract__in=_contracts(user))
        if where == access.STATION:
            return self.filter(station__in=_stations(user))
        return self.none()


class PostingQuerySet(ContractRows):
    def active_on(self, day: date) -> "PostingQuerySet":
        """Postings that hold on the day, both ends included."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class VacancyQuerySet(ContractRows):
    def open_on(self, day: date) -> "VacancyQuerySet":
        """Vacancies standing empty at the end of the day."""
        return self.filter(Q(filled_on=None) | Q(filled_on__gt=day), last_day__lt=day)

    def overdue_on(self, day: date) -> "VacancyQuerySet":
        """Open vacancies whose due day has passed (S5)."""
        return self.open_on(day).filter(due_on__lt=day)


class StaffQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "StaffQuerySet":
        """A contractor sees its own people, a township those posted at its station, a worker the colleagues there."""
        where = access.reach(user)
        if where == access.CITY:
            return self.all()
        postings = apps.get_model("staffing", "posting").objects
        if where == access.CONTRACT:
            return self.filter(
                Q(contractor_id__in=_contracts(user).values("contractor_id")),
            )
        if where == access.STATION:
            return self.filter(pk__in=postings.filter(station__in=_stations(user)).values("staff_id"))
        return self.none()

    def named(self, typed: str) -> "StaffQuerySet":
        """People whose name holds the characters, or whose pinyin or initials begin as typed."""
        typed = normalise_query(typed)
        rows = self.annotate(letters=Replace("pinyin", Value(" "), Value("")))
        found = Q(name__contains=typed) | Q(letters__startswith=typed)
        if typed.isascii() and typed.isalpha():
            # Initials: each letter begins a syllable.
            found |= Q(pinyin__regex="^" + " ".join(f"{letter}[a-z]*" for letter in typed))
        return rows.filter(found)

    def certified_on(self, day: date) -> "StaffQuerySet":
        """Holders of a certificate issued by the day, whatever its level (S8)."""
        holders = apps.get_model("staffing", "certificate").objects.filter(issued_on__lte=day)
        return self.filter(pk__in=holders.values("staff_id"))

    def posted_on(self, day: date) -> "StaffQuerySet":
        """Staff in post on the day."""
        postings = apps.get_model("staffing", "posting").objects.active_on(day)
        return self.filter(pk__in=postings.values("staff_id"))


class CertificateQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "CertificateQuerySet":
        return self.filter(staff__in=apps.get_model("staffing", "staff").objects.visible_to(user))


class WorkLogQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "WorkLogQuerySet":
        """A worker sees the own logs, the employer all; township, bureau and inspectors what was submitted."""
        where = access.reach(user)
        submitted = ~Q(state="draft")
        if where == access.CITY:
            return self.filter(submitted)
        if where == access.CONTRACT:
            rows = self.filter(contract__in=_contracts(user))
            return rows if user.role == "contractor_manager" else rows.filter(submitted)
        if where == access.STATION:
            rows = self.filter(station__in=_stations(user))
            return rows.filter(staff__user=user) if user.role == "station_worker" else rows.filter(submitted)
        return self.none()

    def with_counts(self) -> "WorkLogQuerySet":
        """Adds `service_count` and `minutes_now`, the minutes as they stand (a draft has no stored sum yet)."""
        records = apps.get_model("staffing", "worklog").service_records.rel.related_model
        lines = apps.get_model("staffing", "logline")
        return self.annotate(
            service_count=Coalesce(_per_log(records, Count("pk")), 0),
            minutes_now=Coalesce(_per_log(records, Sum("minutes")), 0) + Coalesce(_per_log(lines, Sum("minutes")), 0),
        )

    def with_contents(self) -> "WorkLogQuerySet":
        """With everything its page shows: services with their clients, files and tags, lines, author, contract."""
        records = apps.get_model("staffing", "worklog").service_records.rel.related_model
        shown = records._base_manager.select_related("item", "village").prefetch_related(
            "clients", "files__stored", "tags"
        )
        return self.select_related("staff", "station__township", "contract__programme", "reviewed_by").prefetch_related(
            Prefetch("service_records", queryset=shown.order_by("starts_at", "id")), "lines"
        )

    def with_items(self) -> "WorkLogQuerySet":
        """With the service records and their items alone, for lists that name what was done."""
        records = apps.get_model("staffing", "worklog").service_records.rel.related_model
        named = records._base_manager.select_related("item").only(
            "log_id", "item__code", "item__name_zh", "item__name_en"
        )
        return self.prefetch_related(Prefetch("service_records", queryset=named.order_by("starts_at", "id")))

    def state_counts(self) -> dict[str, int]:
        """How many logs stand in each state."""
        return dict(self.order_by().values_list("state").annotate(n=Count("pk")))

    def awaiting_review(self) -> "WorkLogQuerySet":
        return self.filter(state="submitted")

    def approved(self) -> "WorkLogQuerySet":
        """The only logs that count."""
        return self.filter(state="approved")


class LogLineQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "LogLineQuerySet":
        return self.filter(log__in=apps.get_model("staffing", "worklog").objects.visible_to(user))
