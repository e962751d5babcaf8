"""Named questions about reports and their builds."""

from typing import Any

from django.apps import apps
from django.db import models


class ReportQuerySet(models.QuerySet[Any]):
    """Reports belong to the contract: bureau, its contractor, its inspectors."""

    def visible_to(self, user: Any) -> "ReportQuerySet":
        return self.filter(contract__in=apps.get_model("stations", "contract").objects.visible_to(user))

    def open_to(self, user: Any) -> "ReportQuerySet":
        return self.filter(contract__in=apps.get_model("stations", "contract").objects.open_to(user))


class BuildQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "BuildQuerySet":
        return self.filter(report__in=apps.get_model("reports", "report").objects.visible_to(user))
