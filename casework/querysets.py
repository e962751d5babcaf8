"""Named questions about clients and service records."""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from jinjiang_portal import access


def _stations(user: Any, change: bool = False) -> models.QuerySet[Any]:
    stations = apps.get_model("stations", "station").objects
    return stations.open_to(user) if change else stations.visible_to(user)


class StationRows(models.QuerySet[Any]):
    """Rows that hang on a station: whoever sees the station sees them, if the role has the action."""

    def visible_to(self, user: Any) -> "StationRows":
        if access.reach(user) == access.CITY:
            return self.all()
        return self.filter(station__in=_stations(user))

    def open_to(self, user: Any) -> "StationRows":
        """Rows in the stations the user works in today."""
        if access.reach(user) == access.CITY:
            return self.all()
        return self.filter(station__in=_stations(user, change=True))


class HouseholdQuerySet(StationRows):
    pass


class ClientQuerySet(StationRows):
    def current(self) -> "ClientQuerySet":
        return self.filter(archived_on=None)


class ServiceRecordQuerySet(StationRows):
    def visible_to(self, user: Any) -> "ServiceRecordQuerySet":
        """Records of drafts are seen only by the station's workers and the employer, all others from submission on."""
        rows = super().visible_to(user)
        if getattr(user, "role", "") in ("station_worker", "contractor_manager"):
            return rows
        return rows.filter(~Q(log__state="draft"))

    def approved(self) -> "ServiceRecordQuerySet":
        """The only records that count."""
        return self.filter(log__state="approved")
