"""State changes of daily logs: draft → submitted → approved or returned, each a transaction (D2.2, D4.1)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jinjiang_portal import access, clock
from jinjiang_portal.accounts.workflow import notify
from jinjiang_portal.versioned import StaleVersion
from jinjiang_portal.workdays import Calendar
from staffing import rules
from staffing.models import LogEvent, LogEventKind, LogLine, LogState, Posting, WorkLog
from staffing.models.log import LOG_MOVES
from stations.models import ReturnReason, Station

COMPARED_RECORDS = 30
UNDO_WITHIN = timedelta(minutes=10)


def posting_on(user: Any, day: date) -> Posting | None:
    """The posting the user holds on the day, or None."""
    rows = Posting.objects.active_on(day).filter(staff__user=user)
    return rows.select_related("staff", "station__township", "contract__programme").first()


def log_for(user: Any, day: date) -> WorkLog:
    """The user's own log of the day, made as a draft when there is none yet; inside a transaction it is locked.

    ValidationError: the day lies in the future, the user has no posting on it, or its log is under review or approved.
    """
    if day > clock.today():
        raise ValidationError(
            _("%(day)s is in the future. A log records what has been done.") % {"day": day.isoformat()}, code="future"
        )
    posting = posting_on(user, day)
    if posting is None:
        raise ValidationError(
            _("You had no posting at a station on %(day)s. Ask your organisation to check the posting's dates.")
            % {"day": day.isoformat()},
            code="no_posting",
        )
    with transaction.atomic():
        WorkLog.objects.get_or_create(
            staff=posting.staff, day=day, defaults={"station": posting.station, "contract": posting.contract}
        )
        log = WorkLog.objects.select_for_update().select_related("staff").get(staff=posting.staff, day=day)
    refuse_frozen(log)
    return log


def refuse_frozen(log: WorkLog) -> None:
    """ValidationError when the log's content may not be changed now."""
    if log.state == LogState.SUBMITTED:
        raise ValidationError(
            _("The log of %(day)s is being reviewed. Withdraw it first if something must be changed.")
            % {"day": log.day.isoformat()},
            code="under_review",
        )
    if log.state == LogState.APPROVED:
        raise ValidationError(
            _("The log of %(day)s is approved. Ask the township to open it for correction.")
            % {"day": log.day.isoformat()},
            code="approved",
        )


def lock(log: WorkLog, version: int | None = None) -> WorkLog:
    """The stored row, locked; StaleVersion when it is not of the version that was looked at."""
    stored = WorkLog.objects.select_for_update().get(pk=log.pk)
    if version is not None and stored.version != version:
        raise StaleVersion(_("This log has changed since you opened it. Look at the newest version first."))
    return stored


def _move(log: WorkLog, to: str) -> None:
    if to not in LOG_MOVES[log.state]:
        raise ValidationError(
            _("The log of %(day)s is “%(state)s”; this step is not possible now.")
            % {"day": log.day.isoformat(), "state": log.get_state_display()},
            code="state",
        )
    log.state = to
    log.version += 1


def _event(log: WorkLog, kind: str, by: Any, reason: str = "", text: str = "") -> LogEvent:
    return LogEvent.objects.create(
        log=log, kind=kind, by=by, version=log.version, reason=reason, text=text, snapshot=snapshot(log), at=clock.now()
    )


def snapshot(log: WorkLog) -> dict[str, Any]:
    """The log's content as plain JSON, without names and numbers of clients: what stood there at an event."""
    records = log.service_records.select_related("item").prefetch_related("clients").order_by("starts_at", "id")
    return {
        "reflection": log.reflection,
        "plan": log.plan,
        "lines": [
            {"kind": line.kind, "minutes": line.minutes, "text": line.text, "starts_at": _clock(line.starts_at)}
            for line in log.lines.all()
        ],
        "records": [
            {
                "id": str(record.pk), "item": record.item.code, "minutes": record.minutes, "mode": record.mode,
                "starts_at": _clock(record.starts_at), "quantity": record.quantity, "met": record.met,
                "process": record.process, "result": record.result,
                "clients": sorted(str(client.pk) for client in record.clients.all()),
            }
            for record in records
        ],
    }  # fmt: skip


def _clock(moment: Any) -> str:
    return moment.strftime("%H:%M") if moment else ""


def entries_of(log: WorkLog) -> list[rules.Entry]:
    """The day's pieces as the automatic checks see them."""
    records = log.service_records.select_related("item").prefetch_related("clients", "files")
    found = [
        rules.Entry(
            label=f"{record.item.code} {record.item.name_zh}",
            minutes=record.minutes,
            starts_at=record.starts_at,
            text=record.process,
            shortest=record.item.shortest_minutes,
            wants_photo=record.item.needs_photo,
            photos=len(record.files.all()),
            archived_client=any(client.archived_on and client.archived_on < log.day for client in record.clients.all()),
            record=str(record.pk),
        )
        for record in records
    ]
    return found + [
        rules.Entry(label=line.get_kind_display(), minutes=line.minutes, starts_at=line.starts_at)
        for line in log.lines.all()
    ]


def _earlier_texts(log: WorkLog) -> list[tuple[date, str]]:
    """Texts of the author's last records before this log."""
    records = WorkLog.service_records.rel.related_model._base_manager  # type: ignore[attr-defined]
    rows = records.filter(log__staff_id=log.staff_id, day__lte=log.day)
    rows = rows.exclude(log=log).order_by("-day", "-id")
    return [(day, text) for day, text in rows.values_list("day", "process")[:COMPARED_RECORDS]]


def save_day(log: WorkLog, by: Any, *, reflection: str, plan: str, version: int | None) -> WorkLog:
    """Keep the day's reflections and plan. Only the author, only while the log is a draft or returned."""
    with transaction.atomic():
        log = lock(log, version)
        _only_author(log, by)
        refuse_frozen(log)
        log.reflection, log.plan = reflection, plan
        log.version += 1
        log.save(update_fields=["reflection", "plan", "version"])
    return log


def add_line(user: Any, day: date, **values: Any) -> LogLine:
    """Add a line of non-service work to the user's log of the day. `id` given by the client makes a repeat harmless."""
    with transaction.atomic():
        log = log_for(user, day)
        key = values.pop("id", None)
        if key is not None:
            line, _made = LogLine.objects.get_or_create(pk=key, defaults={"log": log, **values})
            if line.log_id != log.pk:
                raise ValidationError(_("This line belongs to another log."), code="other_log")
            return line
        return LogLine.objects.create(log=log, **values)


def remove_line(line: LogLine, by: Any) -> None:
    """Take a line off a log that may still be changed."""
    with transaction.atomic():
        log = lock(line.log)
        _only_author(log, by)
        refuse_frozen(log)
        line.delete()


def _only_author(log: WorkLog, by: Any) -> None:
    if log.staff.user_id != by.pk:
        raise PermissionDenied(_("Only the author changes and submits a log."))


def submit_log(log: WorkLog, by: Any, version: int | None = None) -> WorkLog:
    """Hand the log in for review: checks are computed, the content is frozen. Submitting twice submits once."""
    with transaction.atomic():
        log = lock(log)
        _only_author(log, by)
        if log.state == LogState.SUBMITTED:
            return log
        if version is not None and log.version != version:
            raise StaleVersion(_("This log has changed since you opened it. Look at the newest version first."))
        if log.day > clock.today():
            raise ValidationError(_("A log cannot be submitted before its day."), code="future")
        entries = entries_of(log)
        if not entries:
            raise ValidationError(
                _("Nothing is recorded on %(day)s yet. Add a service or other work, then submit.")
                % {"day": log.day.isoformat()},
                code="empty",
            )
        programme = log.contract.programme
        calendar = Calendar.from_chinese_calendar([log.day.year])
        today = clock.today()
        log.findings = rules.check_log(rules.Day(log.day, today, entries, _earlier_texts(log)), programme, calendar)
        log.flagged = bool(log.findings)
        log.minutes = sum(entry.minutes for entry in entries)
        log.submitted_at, log.reviewed_at, log.reviewed_by = clock.now(), None, None
        _move(log, LogState.SUBMITTED)
        log.save()
        _event(log, LogEventKind.SUBMITTED, by)
    return log


def withdraw_log(log: WorkLog, by: Any) -> WorkLog:
    """The author takes a submitted log back to go on with it."""
    with transaction.atomic():
        log = lock(log)
        _only_author(log, by)
        if log.state == LogState.DRAFT:
            return log
        _move(log, LogState.DRAFT)
        log.save()
        _event(log, LogEventKind.WITHDRAWN, by)
    return log


def _only_reviewer(log: WorkLog, by: Any) -> None:
    if not access.may(by, "log.review") or not Station.objects.open_to(by).filter(pk=log.station_id).exists():
        raise PermissionDenied(_("Logs are reviewed by the township of the station."))
    if log.staff.user_id == by.pk:
        raise PermissionDenied(_("Nobody reviews their own log."))


def approve_log(log: WorkLog, by: Any, version: int | None = None, *, opened: bool = True) -> WorkLog:
    """Approve a submitted log: from now on its records count. Approving twice approves once (SECURITY 14)."""
    with transaction.atomic():
        log = lock(log)
        _only_reviewer(log, by)
        if log.state == LogState.APPROVED and log.reviewed_by_id == by.pk:
            return log
        if version is not None and log.version != version:
            raise StaleVersion(_("This log has changed since you opened it. Look at the newest version first."))
        _move(log, LogState.APPROVED)
        log.reviewed_at, log.reviewed_by, log.opened_before_approval = clock.now(), by, opened
        log.save()
        _event(log, LogEventKind.APPROVED, by, text="" if opened else "batch")
    return log


def return_log(log: WorkLog, by: Any, reason: str, text: str = "", version: int | None = None) -> WorkLog:
    """Give a log back with a reason of the programme's list and words; its author is told (D2.2)."""
    with transaction.atomic():
        log = lock(log, version)
        _only_reviewer(log, by)
        text = _check_reason(log, reason, text)
        _move(log, LogState.RETURNED)
        log.reviewed_at, log.reviewed_by = clock.now(), by
        log.save()
        event = _event(log, LogEventKind.RETURNED, by, reason=reason, text=text)
        _tell_author(log, gettext_noop("Your log of %(day)s was returned: see the reason and correct it."), event)
    return log


def open_correction(log: WorkLog, by: Any, reason: str, text: str = "", version: int | None = None) -> WorkLog:
    """Open an approved log again: it counts no more until approved anew; the event keeps the approved content."""
    with transaction.atomic():
        log = lock(log, version)
        _only_reviewer(log, by)
        text = _check_reason(log, reason, text)
        event = _event(log, LogEventKind.CORRECTION, by, reason=reason, text=text)
        _move(log, LogState.RETURNED)
        log.save()
        _tell_author(log, gettext_noop("Your log of %(day)s was opened for correction."), event)
    return log


def undo_review(log: WorkLog, by: Any) -> WorkLog:
    """Take one's own decision back within ten minutes, while nothing has followed it."""
    with transaction.atomic():
        log = lock(log)
        _only_reviewer(log, by)
        recent = log.reviewed_at is not None and clock.now() - log.reviewed_at <= UNDO_WITHIN
        if log.reviewed_by_id != by.pk or not recent or log.state not in (LogState.APPROVED, LogState.RETURNED):
            raise ValidationError(_("A decision can be undone by its maker within ten minutes."), code="too_late")
        _move(log, LogState.SUBMITTED)
        log.reviewed_at, log.reviewed_by = None, None
        log.save()
        _event(log, LogEventKind.REVIEW_UNDONE, by)
    return log


def _check_reason(log: WorkLog, reason: str, text: str) -> str:
    known = ReturnReason.objects.filter(programme_id=log.contract.programme_id, code=reason).first()
    if known is None:
        raise ValidationError(_("Choose why the log goes back."), code="reason")
    text = text.strip()
    if known.needs_text and not text:
        raise ValidationError(_("Say in words what is to be changed."), code="text")
    return text


def _tell_author(log: WorkLog, sentence: str, event: LogEvent) -> None:
    if log.staff.user is None:
        return
    notify(
        [log.staff.user], sentence, {"day": log.day.isoformat()},
        url=reverse("staffing:log-day", args=[log.day.isoformat()]), key=f"log-event:{event.pk}",
    )  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of one log of a batch."""

    log: WorkLog
    done: bool
    message: str = ""


def sampled(log: WorkLog) -> bool:
    """Whether the log is among those the programme wants opened before a batch approval; the same answer every time."""
    percent = log.contract.programme.batch_sample_percent
    return log.pk.int % 100 < percent


def approve_batch(logs: list[tuple[WorkLog, int]], by: Any, opened: set[str]) -> list[Outcome]:
    """Approve many (log, version looked at) one by one; each tells what became of it, one refusal stops no other.

    `opened` are the keys of the logs the reviewer has looked at; the others are marked as approved unopened.
    """
    outcomes = []
    for log, version in logs:
        was_opened = str(log.pk) in opened
        if not was_opened and sampled(log):
            outcomes.append(Outcome(log, False, _("Drawn for a closer look: open it first.")))
            continue
        try:
            outcomes.append(Outcome(approve_log(log, by, version, opened=was_opened), True))
        except ValidationError as refused:
            outcomes.append(Outcome(log, False, " ".join(refused.messages)))
        except PermissionDenied as refused:
            outcomes.append(Outcome(log, False, str(refused)))
    return outcomes
