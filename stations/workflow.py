"""Who gets access where and when: grants follow contracts, postings and inspections (D1.2, D3.6)."""

from datetime import date
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from stations.models import (
    Contract,
    ContractGroupGrant,
    ContractStation,
    ContractUserGrant,
    Station,
    StationGroupGrant,
    StationUserGrant,
)


def _permission(model: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label="stations", codename=f"{codename}_{model}")


def _grant(
    table: Any, holder: dict[str, Any], target: Any, codename: str, starts_on: date, ends_on: date | None
) -> None:
    permission = _permission(target._meta.model_name, codename)
    table.objects.update_or_create(
        content_object=target, permission=permission, starts_on=starts_on, **holder, defaults={"ends_on": ends_on}
    )


@transaction.atomic
def grant_township(group: Group, station: Station, starts_on: date) -> None:
    """A township's group watches over its own station, without an end."""
    for codename in ("view", "change"):
        _grant(StationGroupGrant, {"group": group}, station, codename, starts_on, None)


@transaction.atomic
def grant_contractor(contract: Contract, reads_until: date | None = None) -> None:
    """The contractor's group works in the contract and its stations for the contract's days.

    It goes on reading until `reads_until` (None: without an end, until the final report is accepted and a date is set).
    """
    holder = {"group": contract.contractor.group}
    _grant(ContractGroupGrant, holder, contract, "change", contract.starts_on, contract.ends_on)
    _grant(ContractGroupGrant, holder, contract, "view", contract.starts_on, reads_until)
    for lot in ContractStation.objects.filter(contract=contract).select_related("station"):
        _grant(StationGroupGrant, holder, lot.station, "change", lot.starts_on, lot.ends_on)
        _grant(StationGroupGrant, holder, lot.station, "view", lot.starts_on, reads_until)


@transaction.atomic
def end_reading(contract: Contract, day: date) -> None:
    """The contractor reads the stations of an ended contract for the last time on `day`; its own contract it keeps.

    Station data belongs to the government: the former contractor reads it until its final report is accepted.
    """
    last = max(day, contract.ends_on)
    StationGroupGrant.objects.filter(
        group=contract.contractor.group,
        permission=_permission("station", "view"),
        content_object__contract_stations__contract=contract,
        starts_on__range=(contract.starts_on, contract.ends_on),
        ends_on=None,
    ).update(ends_on=last)


@transaction.atomic
def grant_worker(user: Any, station: Station, starts_on: date, ends_on: date | None) -> None:
    """A worker sees and works in the station of the posting, for the posting's days."""
    for codename in ("view", "change"):
        _grant(StationUserGrant, {"user": user}, station, codename, starts_on, ends_on)


@transaction.atomic
def grant_inspector(user: Any, contract: Contract, starts_on: date, ends_on: date) -> None:
    """An inspector reads a contract and its stations until a date that must be named (D3.6)."""
    _grant(ContractUserGrant, {"user": user}, contract, "view", starts_on, ends_on)
    for lot in ContractStation.objects.filter(contract=contract).select_related("station"):
        _grant(StationUserGrant, {"user": user}, lot.station, "view", starts_on, ends_on)


def contractor_group(name: str) -> Group:
    """The group of a contractor's accounts, made with the contractor."""
    return Group.objects.get_or_create(name=f"contractor:{name}")[0]


def township_group(code: str) -> Group:
    """The group of a township's accounts."""
    return Group.objects.get_or_create(name=f"township:{code}")[0]
