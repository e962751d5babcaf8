"""Who may do what: ONE table, role × action. Where one may do it is an object permission on Station and Contract only.

A view inherits exactly one of `Guarded` (an action of the table), `SignedIn` (anybody with an account) or `Public`;
a test walks the whole URL table and fails on a route that declares none of them.
"""

from typing import Any

from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from jinjiang_portal.accounts.roles import Role

BUREAU = {Role.BUREAU_ADMIN, Role.BUREAU_VIEWER}
OVERSIGHT = BUREAU | {Role.INSPECTOR}
CONTRACTOR = {Role.CONTRACTOR_MANAGER, Role.CONTRACTOR_FINANCE}
EVERY_CASE_ROLE = OVERSIGHT | CONTRACTOR | {Role.TOWNSHIP_SUPERVISOR, Role.STATION_WORKER}

ACTIONS: dict[str, set[Role]] = {
    # what is bought and where
    "programme.view": EVERY_CASE_ROLE,
    "programme.write": {Role.BUREAU_ADMIN},
    "station.view": EVERY_CASE_ROLE,
    "station.write": {Role.BUREAU_ADMIN, Role.TOWNSHIP_SUPERVISOR},
    "contract.view": OVERSIGHT | CONTRACTOR,
    "contract.write": {Role.BUREAU_ADMIN},
    # the people in the stations
    "staff.view": OVERSIGHT | {Role.CONTRACTOR_MANAGER, Role.TOWNSHIP_SUPERVISOR, Role.STATION_WORKER},
    "staff.write": {Role.CONTRACTOR_MANAGER},
    "staff.reveal": {Role.BUREAU_ADMIN, Role.CONTRACTOR_MANAGER},
    "vacancy.view": OVERSIGHT | {Role.CONTRACTOR_MANAGER, Role.TOWNSHIP_SUPERVISOR},
    # daily logs
    "log.view": OVERSIGHT | {Role.CONTRACTOR_MANAGER, Role.TOWNSHIP_SUPERVISOR, Role.STATION_WORKER},
    "log.write": {Role.STATION_WORKER},
    "log.review": {Role.TOWNSHIP_SUPERVISOR},
    # people served
    "client.view": OVERSIGHT | {Role.CONTRACTOR_MANAGER, Role.TOWNSHIP_SUPERVISOR, Role.STATION_WORKER},
    "client.write": {Role.STATION_WORKER},
    "client.name": {Role.BUREAU_ADMIN, Role.TOWNSHIP_SUPERVISOR, Role.STATION_WORKER},
    "client.reveal": {Role.BUREAU_ADMIN, Role.TOWNSHIP_SUPERVISOR, Role.STATION_WORKER},
    "record.view": OVERSIGHT | {Role.CONTRACTOR_MANAGER, Role.TOWNSHIP_SUPERVISOR, Role.STATION_WORKER},
    "record.write": {Role.STATION_WORKER},
    # money
    "budget.view": OVERSIGHT | CONTRACTOR,
    "voucher.view": OVERSIGHT | CONTRACTOR,
    "voucher.write": {Role.CONTRACTOR_FINANCE, Role.CONTRACTOR_MANAGER},
    "voucher.approve": {Role.CONTRACTOR_MANAGER},
    # reports
    "report.view": OVERSIGHT | {Role.CONTRACTOR_MANAGER},
    "report.write": {Role.CONTRACTOR_MANAGER},
    "report.build": {Role.CONTRACTOR_MANAGER, Role.BUREAU_ADMIN},
    "report.decide": {Role.BUREAU_ADMIN},
    # running the portal
    "export.make": EVERY_CASE_ROLE,
    "audit.view": {Role.BUREAU_ADMIN, Role.SYSTEM_ADMIN},
    "account.view": {Role.BUREAU_ADMIN, Role.SYSTEM_ADMIN},
    "account.manage": {Role.SYSTEM_ADMIN},
    "system.admin": {Role.SYSTEM_ADMIN},
    "system.styleguide": {Role.SYSTEM_ADMIN},
}

# Where a role's rows come from: every row of the city, its stations, its contracts, or none at all.
CITY, STATION, CONTRACT, NOWHERE = "city", "station", "contract", "nowhere"
REACH: dict[Role, str] = {
    Role.BUREAU_ADMIN: CITY,
    Role.BUREAU_VIEWER: CITY,
    Role.TOWNSHIP_SUPERVISOR: STATION,
    Role.STATION_WORKER: STATION,
    Role.CONTRACTOR_MANAGER: CONTRACT,
    Role.CONTRACTOR_FINANCE: CONTRACT,
    Role.INSPECTOR: CONTRACT,
    Role.SYSTEM_ADMIN: NOWHERE,
}


def may(user: Any, action: str) -> bool:
    """Whether the user's role allows the action; an unknown action is a programming error (KeyError)."""
    roles = ACTIONS[action]
    return bool(user.is_authenticated and user.is_active and user.role in roles)


def reach(user: Any) -> str:
    """CITY, STATION, CONTRACT or NOWHERE: the widest set of rows the user's role can be given."""
    if not (user.is_authenticated and user.is_active):
        return NOWHERE
    return REACH[Role(user.role)]


class Public:
    """Mark of a view that anybody may open."""


class SignedIn(AccessMixin):
    """A view for anybody who has signed in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class Guarded(SignedIn):
    """A view for roles with `action`; where writing needs another right than reading, name it in `write_action`."""

    action: str
    write_action: str | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            reading = request.method in ("GET", "HEAD", "OPTIONS")
            needed = self.action if reading or self.write_action is None else self.write_action
            if not may(request.user, needed):
                raise PermissionDenied(_("Your role does not include this. The bureau grants rights to roles."))
        return super().dispatch(request, *args, **kwargs)
