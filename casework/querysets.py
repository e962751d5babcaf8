"""Named questions about clients and service records."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery

from jinjiang_portal import access, identity
from jinjiang_portal.names import normalise_query, prefix_bounds


def _stations(user: Any, change: bool = False) -> models.QuerySet[Any]:
    stations = apps.get_model("stations", "station").objects
    return stations.open_to(user) if change else stations.visible_to(user)


class StationRows(models.QuerySet[Any]):
    """Rows that hang on a station: whoever sees the station sees them, if the role has the action."""

    def visible_to(self, user: Any) -> Self:
        if access.reach(user) == access.CITY:
            return self.all()
        return self.filter(station__in=_stations(user))

    def open_to(self, user: Any) -> Self:
        """Rows in the stations the user works in today."""
        if access.reach(user) == access.CITY:
            return self.all()
        return self.filter(station__in=_stations(user, change=True))


class HouseholdQuerySet(StationRows):
    pass


class ClientQuerySet(StationRows):
    def current(self) -> "ClientQuerySet":
        return self.filter(archived_on=None)

    def search(self, typed: str, *, by_name: bool = True) -> "ClientQuerySet":
        """Clients whose name, pinyin or initials begin as typed, by village, by full ID or phone, or by its last four.

        Each way is a range or an equality on an index; nothing scans the table. Without `by_name` only villages are
        looked through: who may not see names may not ask whether somebody is on file either.
        """
        query = normalise_query(typed)
        if not query:
            return self
        if not by_name:
            return self.filter(village__name__startswith=query)
        low, high = prefix_bounds(query)
        keys = apps.get_model("casework", "clientkey").objects.filter(key__gte=low, key__startswith=query)
        if high is not None:
            keys = keys.filter(key__lt=high)
        found = Q(pk__in=keys.values("client_id"))
        number = identity.plain(typed)
        if len(number) == 4 and number[:3].isdigit():
            tail = identity.tail_hash(number)
            found |= Q(id_tail_hash=tail) | Q(phone_tail_hash=tail)
        elif len(number) >= 8 and number[:-1].isdigit():
            found |= Q(id_hash=identity.id_hash(number)) | Q(phone_hash=identity.phone_hash(number))
        if not query.isascii():
            found |= Q(village__name__startswith=query)
        return self.filter(found)

    def with_last_visit(self) -> "ClientQuerySet":
        """Adds `last_visit`, the day of the newest approved or waiting visit at which the client was met."""
        records = apps.get_model("casework", "servicerecord").objects.filter(
            served__client=OuterRef("pk"), item__counts_as_visit=True, met=True
        )
        newest = records.exclude(log__state="draft").order_by("-day").values("day")[:1]
        return self.annotate(last_visit=Subquery(newest))

    def with_categories(self) -> "ClientQuerySet":
        """With the current categories in `current_categories`, in one further query."""
        rows = apps.get_model("casework", "clientcategory").objects.filter(ends_on=None)
        return self.prefetch_related(Prefetch("categories", queryset=rows, to_attr="current_categories"))


class ServiceRecordQuerySet(StationRows):
    def visible_to(self, user: Any) -> Self:
        """Records of drafts are seen only by the station's workers and the employer, all others from submission on."""
        rows = super().visible_to(user)
        if getattr(user, "role", "") in ("station_worker", "contractor_manager"):
            return rows
        return rows.filter(~Q(log__state="draft"))

    def approved(self) -> "ServiceRecordQuerySet":
        """The only records that count."""
        return self.filter(log__state="approved")
