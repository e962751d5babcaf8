"""Named questions about stations, contractors and contracts; the scope of every other table starts here.

`visible_to(user)`: rows the user may see today. `open_to(user)`: rows the user may work in today. Both compile to a
sub-query over the dated grants; nothing is read into Python.
"""

from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace

from jinjiang_portal import access, clock
from jinjiang_portal.names import normalise_query


def granted(user: Any, model: str, codename: str, day: date) -> Q:
    """Rows of `model` ('station' or 'contract') the user or one of the user's groups holds `codename` for on `day`."""
    current = Q(permission__codename=f"{codename}_{model}", starts_on__lte=day) & (
        Q(ends_on=None) | Q(ends_on__gte=day)
    )
    own = apps.get_model("stations", f"{model}usergrant").objects.filter(current, user_id=user.pk)
    by_group = apps.get_model("stations", f"{model}groupgrant").objects.filter(current, group__user=user.pk)
    return Q(pk__in=own.values("content_object_id")) | Q(pk__in=by_group.values("content_object_id"))


class ScopedQuerySet(models.QuerySet[Any]):
    grant_model: str

    def visible_to(self, user: Any, day: date | None = None) -> "ScopedQuerySet":
        """Rows the user may see on `day` (default: today)."""
        return self._in_reach(user, "view", day or clock.today())

    def open_to(self, user: Any, day: date | None = None) -> "ScopedQuerySet":
        """Rows the user may work in on `day` (default: today)."""
        return self._in_reach(user, "change", day or clock.today())

    def _in_reach(self, user: Any, codename: str, day: date) -> "ScopedQuerySet":
        where = access.reach(user)
        if where == access.CITY:
            return self.all()
        if where == access.NOWHERE:
            return self.none()
        return self.filter(granted(user, self.grant_model, codename, day))


class StationQuerySet(ScopedQuerySet):
    grant_model = "station"

    def named(self, typed: str) -> "StationQuerySet":
        """Stations whose township's name holds the characters or whose pinyin or initials begin as typed."""
        typed = normalise_query(typed)
        rows = self.annotate(letters=Replace("township__pinyin", Value(" "), Value("")))
        found = Q(township__name__contains=typed) | Q(letters__startswith=typed)
        if typed.isascii() and typed.isalpha():
            found |= Q(township__pinyin__regex="^" + " ".join(f"{letter}[a-z]*" for letter in typed))
        return rows.filter(found)


class ContractQuerySet(ScopedQuerySet):
    grant_model = "contract"

    def active_on(self, day: date) -> "ContractQuerySet":
        """Contracts in force on the day, by their own dates and state."""
        return self.filter(starts_on__lte=day, ends_on__gte=day).exclude(state="draft")


class ContractorQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "ContractorQuerySet":
        """Contractors of the contracts the user may see."""
        if access.reach(user) == access.CITY:
            return self.all()
        contracts = apps.get_model("stations", "contract").objects.visible_to(user)
        return self.filter(pk__in=contracts.values("contractor_id"))
