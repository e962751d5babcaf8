"""A year of days: logs with their service records, weekday rhythm, seasons, reviews, returned logs."""

from datetime import date, time, timedelta
from typing import Any

from django.db.models import QuerySet

from casework.models import Client, RecordClient, ServiceMode, ServiceRecord
from casework.rules import count_of
from jinjiang_portal.demo import words
from jinjiang_portal.demo.chance import Chance
from jinjiang_portal.demo.city import City
from staffing.models import LogEvent, LogLine, Posting, WorkLog
from stations.models import ServiceItem

# How busy a month is: quiet around Spring Festival, busy before holidays and in summer.
SEASON = {1: 0.9, 2: 0.6, 3: 1.05, 4: 1.1, 5: 1.15, 6: 1.05, 7: 1.1, 8: 1.0, 9: 1.1, 10: 0.9, 11: 1.05, 12: 1.0}
UNREVIEWED_DAYS = 7
MODES = {"T1.1": [ServiceMode.STATION, ServiceMode.PHONE], "T2.5": [ServiceMode.GROUP], "T3.4": [ServiceMode.ACTIVITY]}
CROWDS = {"T2.5": (10, 20), "T3.4": (20, 60), "T4.1": (8, 25), "T4.5": (6, 20), "T5.2": (12, 40)}


class Year:
    """Collects rows and writes them in bulk, station by station."""

    def __init__(self, chance: Chance, city: City, clients: dict[int, list[Client]], until: date) -> None:
        self.chance, self.city, self.clients, self.until = chance, city, clients, until
        items: QuerySet[ServiceItem] = city.programme.items.all()
        self.items = {item.code: item for item in items}
        self.codes = list(words.ITEM_WEIGHTS)
        self.weights = list(words.ITEM_WEIGHTS.values())
        self.by_kind: dict[tuple[int, str], list[Client]] = {}
        self._empty()

    def _empty(self) -> None:
        self.logs: list[WorkLog] = []
        self.lines: list[LogLine] = []
        self.events: list[LogEvent] = []
        self.records: list[ServiceRecord] = []
        self.served: list[RecordClient] = []

    def write(self) -> None:
        for number, posting in enumerate(self.city.postings):
            self._posting(posting, careless=number % 17 == 3)
            if len(self.logs) > 4000:
                self._flush()
        self._flush()

    def _flush(self) -> None:
        for model, rows in (
            (WorkLog, self.logs),
            (LogLine, self.lines),
            (LogEvent, self.events),
            (ServiceRecord, self.records),
            (RecordClient, self.served),
        ):
            model.objects.bulk_create(rows, batch_size=400)  # type: ignore[attr-defined]
        self._empty()

    def _posting(self, posting: Posting, careless: bool) -> None:
        day = posting.starts_on
        last = min(posting.ends_on or self.until, self.until)
        while day <= last:
            calendar_says = self.city.calendar.is_workday(day)
            if calendar_says and self.chance.random() > (0.12 if careless else 0.03):
                self._day(posting, day)
            day += timedelta(days=1)

    def _day(self, posting: Posting, day: date) -> None:
        chance, user = self.chance, posting.staff.user
        log = WorkLog(
            id=chance.key(day),
            staff=posting.staff,
            station_id=posting.station_id,
            contract_id=posting.contract_id,
            day=day,
            plan=chance.choice(["", "", "继续走访重点对象", "整理走访记录，准备下周活动"]),
        )
        count = max(1, round(chance.gauss(4.0, 1.2) * SEASON[day.month]))
        minute = 8 * 60 + 15
        for _number in range(min(count, 7)):
            minute = self._record(log, posting, day, minute)
        kind, text = chance.choice(words.LINES)
        length = chance.choice([60, 90, 120])
        self.lines.append(
            LogLine(id=chance.key(day), log=log, kind=kind, minutes=length, text=text, starts_at=_clock(minute))
        )
        log.minutes += length
        self._review(log, posting, day, user)
        self.logs.append(log)

    def _record(self, log: WorkLog, posting: Posting, day: date, minute: int) -> int:
        """Add a record that begins at `minute` of the day; answers the minute at which the next may begin."""
        chance = self.chance
        code = chance.choices(self.codes, self.weights)[0]
        item = self.items[code]
        length = max(item.shortest_minutes, round(item.usual_minutes * chance.uniform(0.5, 1.1) / 5) * 5)
        process, result = chance.choice(words.SENTENCES[code])
        chosen: list[Client] = []
        if item.needs_client or code == "T3.6":
            fitting = self._fitting(posting.station_id, code)
            people = [client for client in chance.sample(fitting, min(3, len(fitting))) if client.consent_on]
            chosen = people[:1]
        if item.needs_client and not chosen:
            return minute
        others = chance.randint(*CROWDS[code]) if code in CROWDS else 0
        met = not item.counts_as_visit or chance.random() > 0.04
        record = ServiceRecord(
            id=chance.key(day),
            log=log,
            station_id=posting.station_id,
            item=item,
            day=day,
            starts_at=_clock(minute),
            minutes=length,
            mode=chance.choice(MODES.get(code, [ServiceMode.HOME])),
            village=chosen[0].village if chosen else chance.choice(self.city.villages[posting.station_id]),
            others_served=others,
            quantity=count_of(item, len(chosen), len(chosen), others, met),
            met=met,
            process=process,
            result=result,
            follow_up_on=day + timedelta(days=chance.choice([7, 14, 30])) if chance.random() < 0.25 else None,
        )
        self.records.append(record)
        self.served += [RecordClient(record=record, client=client) for client in chosen]
        log.minutes += length
        return minute + length + chance.choice([5, 10, 20])

    def _fitting(self, station: int, code: str) -> list[Client]:
        """Clients an item is for: elders for T2, children for T3, grown people for the rest."""
        kind = code[:2] if code[:2] in ("T2", "T3") else "T1"
        if (station, kind) not in self.by_kind:
            year = self.city.programme.year
            ages = {"T1": range(18, 120), "T2": range(60, 120), "T3": range(18)}[kind]
            self.by_kind[station, kind] = [c for c in self.clients[station] if year - c.birth_date.year in ages]
        return self.by_kind[station, kind]

    def _review(self, log: WorkLog, posting: Posting, day: date, user: Any) -> None:
        chance = self.chance
        if day == self.until:
            return  # today's log is still a draft
        log.submitted_at = chance.at(day, 17)
        self._event(log, "submitted", user, log.submitted_at)
        supervisor = self.city.supervisors[posting.station_id]
        reviewed_on = day + timedelta(days=chance.randrange(1, 6))
        if (self.until - day).days > UNREVIEWED_DAYS or chance.random() < 0.1:
            log.state = "approved"
            log.reviewed_at, log.reviewed_by = chance.at(min(reviewed_on, self.until), 9), supervisor
            self._event(log, "approved", supervisor, log.reviewed_at)
        elif chance.random() < 0.06:
            log.state = "returned"
            log.reviewed_at, log.reviewed_by = chance.at(min(reviewed_on, self.until), 9), supervisor
            reason, text = chance.choice(words.RETURN_TEXTS)
            self._event(log, "returned", supervisor, log.reviewed_at, reason, text)
        else:
            log.state = "submitted"

    def _event(self, log: WorkLog, kind: str, by: Any, at: Any, reason: str = "", text: str = "") -> None:
        self.events.append(
            LogEvent(id=self.chance.key(log.day), log=log, kind=kind, by=by, at=at, version=1, reason=reason, text=text)
        )


def _clock(minute: int) -> time:
    minute = min(minute, 23 * 60 + 45)
    return time(minute // 60, minute % 60)
