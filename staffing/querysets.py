"""Named questions about staff, postings, vacancies and logs."""

from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from jinjiang_portal import access


def _stations(user: Any) -> models.QuerySet[Any]:
    return apps.get_model("stations", "station").objects.visible_to(user)


def _contracts(user: Any) -> models.QuerySet[Any]:
    return apps.get_model("stations", "contract").objects.visible_to(user)


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

    def posted_on(self, day: date) -> "StaffQuerySet":
        """Staff in post on the day."""
        postings = apps.get_model("staffing", "posting").objects.active_on(day)
        return self.filter(pk__in=postings.values("staff_id"))


class CertificateQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "CertificateQuerySet":
        return self.filter(staff__in=apps.get_model("staffing", "staff").objects.visible_to(user))


class WorkLogQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "WorkLogQuerySet":
        """A worker sees the own logs; township, bureau and inspectors see what was submitted; the employer all of them."""
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

    def awaiting_review(self) -> "WorkLogQuerySet":
        return self.filter(state="submitted")

    def approved(self) -> "WorkLogQuerySet":
        """The only logs that count."""
        return self.filter(state="approved")


class LogLineQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "LogLineQuerySet":
        return self.filter(log__in=apps.get_model("staffing", "worklog").objects.visible_to(user))
