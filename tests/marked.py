"""Rows of every kind for one side of the scene, each with a mark that no other row carries: what must never leak."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from budget.models import Voucher, VoucherFile
from budget.workflow import make_lines
from casework.models import Client, ClientKey, RecordFile, ServiceRecord
from jinjiang_portal import identity, names
from jinjiang_portal.accounts.models import Notice
from jinjiang_portal.files.store import store_made
from jinjiang_portal.jobs.models import Job
from reports.models import Build, Report
from reports.workflow import open_reports
from staffing import workflow
from staffing.models import LogLine, Vacancy, WorkLog
from stations.models import BudgetSubject, ServiceItem
from tests.factories import ClientFactory, LogLineFactory, ServiceRecordFactory, WorkLogFactory
from tests.scenes import Side

DAY = date(2024, 6, 26)


@dataclass
class Marked:
    """The rows, and `mark`, the string each of them carries."""

    side: Side
    mark: str
    client: Client
    record: ServiceRecord
    draft_record: ServiceRecord
    log: WorkLog
    waiting: WorkLog
    draft: WorkLog
    line: LogLine
    vacancy: Vacancy
    voucher: Voucher
    report: Report
    build: Build
    job: Job
    notice: Notice
    files: list[Any] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)


def _client(side: Side, mark: str) -> Client:
    number = identity.make_id_number("350599", date(1948, 5, 6), 10 + side.station.pk)
    phone = f"154{side.station.pk:08d}"
    client = ClientFactory(
        station=side.station, name=mark, pinyin=names.pinyin(mark), birth_date=date(1948, 5, 6), note=mark,
        id_number=number, id_hash=identity.id_hash(number), id_tail_hash=identity.tail_hash(number),
        phone=phone, phone_hash=identity.phone_hash(phone), phone_tail_hash=identity.tail_hash(phone), address=mark,
    )  # fmt: skip
    ClientKey.objects.bulk_create(ClientKey(client=client, key=key) for key in names.search_keys(mark))
    return client


def _log(side: Side, mark: str, day: date, client: Client, state: str) -> tuple[WorkLog, ServiceRecord, LogLine]:
    log = WorkLogFactory(staff=side.staff, station=side.station, contract=side.contract, day=day, reflection=mark)
    item = ServiceItem.objects.get(programme=side.contract.programme, code="T1.4")
    record = ServiceRecordFactory(log=log, item=item, clients=[client], process=f"{mark}入户走访，情况平稳。")
    line = LogLineFactory(log=log, text=mark)
    if state != "draft":
        workflow.submit_log(log, side.worker)
    if state == "approved":
        workflow.approve_log(log, side.township)
    log.refresh_from_db()
    return log, record, line


def mark_side(side: Side, mark: str) -> Marked:
    """One row of each kind for the side; needs a database. The staff member takes the mark as name too."""
    side.staff.name, side.staff.pinyin = f"{mark}社工", names.pinyin(mark)
    side.staff.id_number = identity.make_id_number("350599", date(1990, 5, 1), 200 + side.station.pk)
    side.staff.phone = f"154{side.station.pk + 500:08d}"
    side.staff.save()
    client = _client(side, mark)
    log, record, _line = _log(side, mark, DAY, client, "approved")
    waiting, _record, _line = _log(side, mark, date(2024, 6, 27), client, "submitted")
    draft, draft_record, draft_line = _log(side, mark, date(2024, 6, 28), client, "draft")
    make_lines(side.contract, dict.fromkeys(BudgetSubject.objects.values_list("code", flat=True), 1))
    voucher = Voucher.objects.create(
        contract=side.contract, number=1, day=DAY, line=side.contract.budget_lines.first(), amount=Decimal("77.70"),
        payee=mark, purpose=mark, state="prepared", prepared_by=side.finance,
    )  # fmt: skip
    report = open_reports(side.contract)[0]
    report.sections.update(text=mark)
    job = Job.objects.create(kind="report.build", owner=side.manager, title=mark, state="done", done=1, total=1)
    files = [store_made(f"{mark}.pdf", f"%PDF-1.4 {mark}".encode(), "application/pdf", side.manager) for _n in range(4)]
    build = Build.objects.create(
        report=report, job=job, running=False, figures={}, figures_digest="0" * 64, pdf=files[0], workbook=files[1],
        made_by=side.manager,
    )  # fmt: skip
    RecordFile.objects.create(record=record, stored=files[2])
    VoucherFile.objects.create(voucher=voucher, stored=files[3])
    vacancy = Vacancy.objects.create(
        station=side.station,
        contract=side.contract,
        last_day=date(2024, 5, 9),
        due_on=date(2024, 6, 11),
        due_because=mark,
    )
    notice = Notice.objects.create(recipient=side.worker, text=mark, key=f"mark-{mark}")
    numbers = [client.id_number, client.phone, side.staff.id_number, side.staff.phone]
    return Marked(
        side, mark, client, record, draft_record, log, waiting, draft, draft_line, vacancy, voucher, report, build, job,
        notice, files, numbers,
    )  # fmt: skip
