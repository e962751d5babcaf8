"""State changes of casework: clients with their search keys and categories, service records on a day's log."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework import rules
from casework.models import Client, ClientCategory, ClientKey, RecordClient, RecordFile, ServiceRecord
from jinjiang_portal import clock, identity, names
from jinjiang_portal.files.store import store_upload
from jinjiang_portal.versioned import StaleVersion
from staffing.models import WorkLog
from staffing.workflow import lock, log_for, posting_on, refuse_frozen
from stations.models import Station

FILES_AT_MOST = 9
CONTENT = [
    "log", "station", "day", "item", "starts_at", "minutes", "mode", "village", "place", "others_served", "quantity",
    "met", "process", "result", "follow_up_on", "answers",
]  # fmt: skip


def own_station(user: Any) -> Station:
    """The station the user works at today; ValidationError when there is none."""
    posting = posting_on(user, clock.today())
    if posting is None:
        raise ValidationError(
            _("You have no posting today. Ask your organisation to check the posting's dates."), code="no_posting"
        )
    return posting.station


def complete(client: Client) -> None:
    """Set what follows from what was typed: pinyin and the hashes for looking up."""
    client.pinyin = names.pinyin(client.name)
    client.id_hash = identity.id_hash(client.id_number)
    client.id_tail_hash = identity.tail_hash(client.id_number)
    client.phone_hash = identity.phone_hash(client.phone)
    client.phone_tail_hash = identity.tail_hash(client.phone)


def refuse_duplicate(client: Client, user: Any) -> None:
    """ValidationError when the ID number is on file already: where, if the user may know, else whom to ask."""
    if not client.id_hash:
        return
    same = (
        Client.objects.filter(id_hash=client.id_hash).exclude(pk=client.pk).select_related("station__township").first()
    )
    if same is None:
        return
    if Client.objects.visible_to(user).filter(pk=same.pk).exists():
        text = _("This ID number is already on file at your station: %(name)s. Open that page instead.")
        raise ValidationError({"id_number": text % {"name": same.name}}, code="duplicate")
    raise ValidationError(
        {
            "id_number": _(
                "This person is on file at another station. Ask the civil-affairs bureau to transfer the file."
            )
        },
        code="duplicate",
    )


def write_keys(client: Client) -> None:
    """The client's search keys, anew."""
    client.keys.all().delete()
    ClientKey.objects.bulk_create(ClientKey(client=client, key=key) for key in names.search_keys(client.name))


def point_out_look_alike(client: Client, user: Any) -> None:
    """ValidationError when somebody of the same name and birth date is on file where the user can see it (DOMAIN 2)."""
    same = Client.objects.visible_to(user).filter(birth_date=client.birth_date, name=client.name).exclude(pk=client.pk)
    if same.exists():
        text = _("Somebody of this name and date of birth is on file. If this is another person, tick the box.")
        raise ValidationError({"another": text}, code="look_alike")


def save_client(
    client: Client, by: Any, categories: Iterable[str], *, version: int | None = None, another: bool = False
) -> Client:
    """Keep a client of a station the user works in, with search keys and current categories.

    Refused with ValidationError for a duplicate, a stale version, and once for a look-alike unless the user says that
    it is `another` person; with PermissionDenied for a station that is not the user's own.
    """
    complete(client)
    with transaction.atomic():
        if not Station.objects.open_to(by).filter(pk=client.station_id).exists():
            raise PermissionDenied(_("Clients are kept by the station's own workers."))
        refuse_duplicate(client, by)
        if client._state.adding and not another:
            point_out_look_alike(client, by)
        if client._state.adding:
            try:
                with transaction.atomic():
                    client.save(force_insert=True)
            except IntegrityError:
                known = Client.objects.filter(pk=client.pk, station=client.station).first()
                if known is None:
                    refuse_duplicate(client, by)
                    raise
                return known
        else:
            if version is None:
                raise StaleVersion(_("Somebody saved this page after you opened it. Compare both versions below."))
            names_of = [field.name for field in client._meta.concrete_fields if field.name not in ("id", "version")]
            client.save_version(version, names_of)
        write_keys(client)
        _set_categories(client, set(categories))
    return client


def _set_categories(client: Client, wanted: set[str]) -> None:
    """End what no longer holds, begin what is new; history stays."""
    today = clock.today()
    current = {row.category: row for row in client.categories.filter(ends_on=None)}
    for code, row in current.items():
        if code not in wanted:
            if row.starts_on >= today:
                row.delete()
            else:
                row.ends_on = today
                row.save(update_fields=["ends_on"])
    for code in wanted - set(current):
        ClientCategory.objects.update_or_create(
            client=client, category=code, starts_on=today, defaults={"ends_on": None}
        )


def archive_client(client: Client, by: Any, because: str) -> Client:
    """Close a client's file with a reason; it stays readable and counts in the past."""
    because = because.strip()
    if not because:
        raise ValidationError({"because": _("Say why the file is closed.")})
    with transaction.atomic():
        stored = Client.objects.select_for_update().get(pk=client.pk)
        if not Station.objects.open_to(by).filter(pk=stored.station_id).exists():
            raise PermissionDenied(_("Clients are kept by the station's own workers."))
        if stored.archived_on is None:
            stored.archived_on, stored.archived_because = clock.today(), because[:120]
            stored.version += 1
            stored.save()
    return stored


def check_clients(clients: list[Client], day: date) -> None:
    """ValidationError naming the first client who cannot be served on paper: archived, without consent or guardian."""
    for client in clients:
        if client.archived_on and client.archived_on <= day:
            text = _("%(name)s's file is closed. Choose somebody else or ask for it to be opened again.")
            raise ValidationError({"clients": text % {"name": client.name}}, code="archived")
        if client.consent_on is None or client.consent_on > day:
            text = _(
                "%(name)s has not consented to being recorded by %(day)s. Note the consent on the client's page first."
            )
            raise ValidationError({"clients": text % {"name": client.name, "day": day.isoformat()}}, code="consent")
        if rules.needs_guardian(client.birth_date, day) and not client.guardian_name:
            text = _("%(name)s is under 14: name the guardian on the client's page first.")
            raise ValidationError({"clients": text % {"name": client.name}}, code="guardian")


def save_record(
    record: ServiceRecord,
    by: Any,
    clients: list[Client],
    *,
    tags: Iterable[Any] = (),
    files: Iterable[Any] = (),
    version: int | None = None,
) -> ServiceRecord:
    """Keep a service on the log of its day. `record.pk` made by the page: sent twice, it is one record (SECURITY 14).

    ValidationError: the day, its log, a client or a file does not allow it. Nothing is kept then.
    """
    uploads = list(files)
    with transaction.atomic():
        adding = record._state.adding
        if adding:
            known = ServiceRecord.objects.filter(pk=record.pk).select_related("log__staff").first()
            if known is not None:
                if known.log.staff.user_id != by.pk:
                    raise ValidationError(_("This record is already on file."), code="known")
                return known
            record.log = log_for(by, record.day)
        else:
            _refuse_others(record, by)
            refuse_frozen(lock(record.log))
            if record.day != record.log.day:
                record.log = log_for(by, record.day)
        record.station_id = record.log.station_id
        _check_scope(record, clients)
        households = rules.household_count((client.pk, client.household_id) for client in clients)
        households = households or rules.households_said(record.item, record.answers)
        record.quantity = rules.count_of(record.item, len(clients), households, record.others_served, record.met)
        if adding:
            record.save(force_insert=True)
        else:
            if version is None:
                raise StaleVersion(_("Somebody saved this page after you opened it. Compare both versions below."))
            record.save_version(version, CONTENT)
            record.served.all().delete()
        RecordClient.objects.bulk_create(RecordClient(record=record, client=client) for client in clients)
        record.tags.set(tags)
        if record.files.count() + len(uploads) > FILES_AT_MOST:
            text = _("A record holds at most %(count)s photos and papers.")
            raise ValidationError({"photos": text % {"count": FILES_AT_MOST}})
        for upload in uploads:
            RecordFile.objects.create(record=record, stored=store_upload(upload, by))
    return record


def _check_scope(record: ServiceRecord, clients: list[Client]) -> None:
    """Item of the year, people and village of the station, somebody served where the item names people."""
    if record.item.programme_id != record.log.contract.programme_id:
        raise ValidationError({"item": _("This item belongs to another programme year.")})
    if record.item.needs_client and not clients and not (record.others_served and not record.item.counts_as_visit):
        raise ValidationError({"clients": _("Choose who was served.")}, code="no_client")
    if any(client.station_id != record.station_id for client in clients):
        raise ValidationError({"clients": _("A client of another station cannot be on this record.")})
    if record.village is not None and record.village.township_id != record.log.station.township_id:
        raise ValidationError({"village": _("This village belongs to another township.")})
    check_clients(clients, record.day)


def _refuse_others(record: ServiceRecord, by: Any) -> None:
    if record.log.staff.user_id != by.pk:
        raise PermissionDenied(_("Only the author changes and submits a log."))


def delete_record(record: ServiceRecord, by: Any) -> WorkLog:
    """Take a record off a log that may still be changed; answers the log."""
    with transaction.atomic():
        _refuse_others(record, by)
        log = lock(record.log)
        refuse_frozen(log)
        try:
            record = ServiceRecord.objects.select_for_update().get(pk=record.pk)
        except ObjectDoesNotExist:
            return log
        stored = [file.stored for file in record.files.select_related("stored")]
        record.delete()
        for file in stored:
            file.delete()
    return log
