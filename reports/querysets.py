"""Named questions about reports and their builds."""

from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import models

from jinjiang_portal import access


class ReportQuerySet(models.QuerySet[Any]):
    """Reports belong to the contract: bureau, its contractor, its inspectors."""

    def visible_to(self, user: Any) -> "ReportQuerySet":
        return self.filter(contract__in=apps.get_model("stations", "contract").objects.visible_to(user))

    def open_to(self, user: Any) -> "ReportQuerySet":
        """Reports the user may write: those of the own organisation's contracts.

        Not the contract's own days decide, for the final report is written after the last of them (D3.5).
        """
        rows = self.visible_to(user)
        if access.reach(user) == access.CITY:
            return rows
        return rows.filter(contract__contractor__group__user=user.pk)

    def to_accept(self) -> "ReportQuerySet":
        return self.filter(state="submitted")

    def due_within(self, today: date, days: int) -> "ReportQuerySet":
        """Reports not handed in whose day is near or past; from the day the period has ended."""
        return self.filter(state__in=["draft", "returned"], ends_on__lt=today, due_on__lte=today + timedelta(days=days))


class BuildQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "BuildQuerySet":
        return self.filter(report__in=apps.get_model("reports", "report").objects.visible_to(user))
