"""What this app hands up to the frame: menu, search, audit."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import access
from jinjiang_portal.audit import records as audit
from jinjiang_portal.registry import Hit, MenuItem, add_menu, add_search
from stations.models import (
    Contract,
    ContractGroupGrant,
    Contractor,
    ContractStation,
    ContractUserGrant,
    Programme,
    ServiceTarget,
    Station,
    StationGroupGrant,
    StationUserGrant,
)

add_menu(
    MenuItem(_("Stations and contracts"), _("Stations"), "stations:station-list", "station.view", 100, icon="station"),
    MenuItem(_("Stations and contracts"), _("Contracts"), "stations:contract-list", "contract.view", 110, icon="doc"),
    MenuItem(
        _("Stations and contracts"), _("Programme year"), "stations:programme", "programme.view", 120, icon="settings"
    ),
)


def search(user: Any, query: str) -> Iterable[Hit]:
    """Stations by name, pinyin or initials."""
    if not access.may(user, "station.view"):
        return
    for station in Station.objects.visible_to(user).named(query).select_related("township")[:5]:
        yield Hit(
            gettext("Station"), station.name, station.address, reverse("stations:station-detail", args=[station.pk])
        )


add_search(search)
for model in (Programme, Station, Contractor, Contract, ContractStation, ServiceTarget):
    audit.register(model)
# Who got access where and when is part of the trail (SECURITY 7).
for grant in (StationUserGrant, StationGroupGrant, ContractUserGrant, ContractGroupGrant):
    audit.register(grant)
