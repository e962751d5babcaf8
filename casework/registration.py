"""What this app hands up to the frame: menu, search, to-dos, audit, who may read a record's photos."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.models import Client, ClientCategory, Household, RiskLevel, ServiceRecord
from jinjiang_portal import access, identity
from jinjiang_portal.audit import records as audit
from jinjiang_portal.files.owners import register_owner
from jinjiang_portal.registry import Hit, MenuItem, Todo, add_menu, add_search, add_todo
from stations.models import VisitRule

HITS_AT_MOST = 8


def overdue(user: Any, today: date) -> int:
    """Clients of the user's station whose visit is overdue by the year's rules, in one query (DOMAIN 2)."""
    waiting = Q()
    for rule in VisitRule.objects.filter(programme__year=today.year):
        for risk in RiskLevel.values:
            day = today - timedelta(days=getattr(rule, f"days_{risk}"))
            late = Q(last_visit__lt=day) | Q(last_visit=None, created_at__date__lt=day)
            waiting |= Q(categories__category=rule.category, categories__ends_on=None, risk=risk) & late
    if not waiting:
        return 0
    rows = Client.objects.open_to(user).current().with_last_visit().filter(waiting)
    return int(rows.order_by().values("pk").distinct().count())


def todos(user: Any, today: date) -> Iterable[Todo]:
    """Visits that are overdue, clients without consent."""
    if not access.may(user, "record.write"):
        return
    why = gettext("Their last visit is longer ago than the year's rule allows.")
    yield Todo(
        overdue(user, today), gettext("Visit clients"), why,
        reverse("casework:client-list"),
    )  # fmt: skip
    missing = Client.objects.open_to(user).current().filter(consent_on=None).count()
    yield Todo(
        missing, gettext("Note consents"), gettext("Without consent no service can be recorded."),
        reverse("casework:client-list") + "?consent=on",
    )  # fmt: skip


def search(user: Any, query: str) -> Iterable[Hit]:
    """Clients by name, pinyin, village or the last four of a number."""
    if not access.may(user, "client.view"):
        return
    named = access.may(user, "client.name")
    rows = Client.objects.visible_to(user).search(query, by_name=named).select_related("village", "station__township")
    for client in rows.order_by("pinyin", "id")[:HITS_AT_MOST]:
        name = client.name if named else identity.mask_name(client.name)
        note = f"{client.station.short_name} {client.village.short_name}"
        yield Hit(gettext("Client"), name, note, reverse("casework:client-detail", args=[client.pk]))


def may_read_photo(user: Any, stored: Any) -> bool:
    """Whoever sees the record sees its photos."""
    if not access.may(user, "record.view"):
        return False
    return ServiceRecord.objects.visible_to(user).filter(files__stored=stored).exists()


add_menu(
    MenuItem(_("Services"), _("Clients"), "casework:client-list", "client.view", 300, icon="person", tab=True),
    MenuItem(_("Services"), _("Service records"), "casework:record-list", "record.view", 310, icon="list"),
)
add_todo(todos)
add_search(search)
register_owner("record_file", may_read_photo)
audit.register(Client, exclude=["note"], mask=["name", "guardian_name"])
audit.register(Household, mask=["name"], exclude=["address"])
audit.register(ClientCategory)
audit.register(ServiceRecord, exclude=["process", "result"])
