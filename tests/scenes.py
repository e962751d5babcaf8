"""A small city for tests: two contractors, three townships, one account per role, grants as the workflow gives them.

`Scene` is built from the same ground data and the same workflow functions as the portal itself.
"""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from jinjiang_portal.accounts.models import Role, User
from staffing import workflow
from staffing.models import Posting, Staff, WorkLog
from stations.models import Contract, Contractor, ContractStation, Programme, ServiceItem, Station
from stations.reference import load_reference
from stations.workflow import contractor_group, grant_contractor, grant_inspector, grant_worker, township_group
from tests.factories import (
    ClientFactory,
    PostingFactory,
    ServiceRecordFactory,
    StaffFactory,
    UserFactory,
    WorkLogFactory,
)

CREDIT_CODES = ["52350582MJ0000018D", "52350582MJ00000268", "52350582MJ00000343"]


@dataclass
class Side:
    """One contractor with its contract, station, people and accounts."""

    contractor: Contractor
    contract: Contract
    station: Station
    manager: User
    finance: User
    worker: User
    staff: Staff
    posting: Posting
    township: User


@dataclass
class Scene:
    """`own` runs 陈埭镇, `foreign` runs 池店镇; bureau, viewer, inspector (of `own`) and sysadmin stand above."""

    programme: Programme
    own: Side
    foreign: Side
    bureau: User
    viewer: User
    inspector: User
    sysadmin: User
    users: dict[str, User] = field(default_factory=dict)


def build_side(programme: Programme, number: int, township_name: str) -> Side:
    station = Station.objects.select_related("township").get(township__name=township_name)
    name = f"晋江市测试{'甲乙丙'[number]}社会工作服务中心"
    contractor = Contractor.objects.create(
        name=name,
        credit_code=CREDIT_CODES[number],
        business_scope="社会工作服务；养老服务",
        scope_has_social_work=True,
        group=contractor_group(name),
    )
    contract = Contract.objects.create(
        programme=programme,
        contractor=contractor,
        number=f"JJMZ-2024-{number + 1:02d}",
        title="2024年度镇（街道）民政服务站购买服务合同",
        amount=Decimal("450000.00"),
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        signed_on=programme.starts_on,
        state="active",
    )
    ContractStation.objects.create(
        contract=contract, station=station, starts_on=contract.starts_on, ends_on=contract.ends_on
    )
    grant_contractor(contract)
    accounts = {
        role: UserFactory(role=role, organisation=organisation)
        for role, organisation in (
            (Role.CONTRACTOR_MANAGER, name),
            (Role.CONTRACTOR_FINANCE, name),
            (Role.STATION_WORKER, name),
            (Role.TOWNSHIP_SUPERVISOR, f"{township_name}社会事务办"),
        )
    }
    for role in (Role.CONTRACTOR_MANAGER, Role.CONTRACTOR_FINANCE):
        accounts[role].groups.add(contractor.group)
    accounts[Role.TOWNSHIP_SUPERVISOR].groups.add(township_group(station.township.code))
    staff = StaffFactory(contractor=contractor, user=accounts[Role.STATION_WORKER])
    posting = PostingFactory(staff=staff, station=station, contract=contract, starts_on=date(2024, 1, 1))
    grant_worker(accounts[Role.STATION_WORKER], station, posting.starts_on, None)
    return Side(
        contractor=contractor,
        contract=contract,
        station=station,
        manager=accounts[Role.CONTRACTOR_MANAGER],
        finance=accounts[Role.CONTRACTOR_FINANCE],
        worker=accounts[Role.STATION_WORKER],
        staff=staff,
        posting=posting,
        township=accounts[Role.TOWNSHIP_SUPERVISOR],
    )


def build_scene() -> Scene:
    """The whole scene; needs a database."""
    programme = load_reference()
    own = build_side(programme, 0, "陈埭镇")
    foreign = build_side(programme, 1, "池店镇")
    above = {
        role: UserFactory(role=role)
        for role in (Role.BUREAU_ADMIN, Role.BUREAU_VIEWER, Role.INSPECTOR, Role.SYSTEM_ADMIN)
    }
    grant_inspector(above[Role.INSPECTOR], own.contract, date(2024, 1, 1), date(2025, 3, 31))
    scene = Scene(
        programme=programme,
        own=own,
        foreign=foreign,
        bureau=above[Role.BUREAU_ADMIN],
        viewer=above[Role.BUREAU_VIEWER],
        inspector=above[Role.INSPECTOR],
        sysadmin=above[Role.SYSTEM_ADMIN],
    )
    scene.users = {
        "bureau_admin": scene.bureau,
        "bureau_viewer": scene.viewer,
        "inspector": scene.inspector,
        "system_admin": scene.sysadmin,
        "township_supervisor": own.township,
        "contractor_manager": own.manager,
        "contractor_finance": own.finance,
        "station_worker": own.worker,
    }
    return scene


def make_log(side: Side, day: date, *, records: int = 1, code: str = "T1.4", state: str = "draft") -> WorkLog:
    """A day of the side's worker with some services, moved to `state` by the workflow."""
    log = WorkLogFactory(staff=side.staff, station=side.station, contract=side.contract, day=day)
    item = ServiceItem.objects.get(programme=side.contract.programme, code=code)
    for number in range(records):
        client = ClientFactory(station=side.station)
        ServiceRecordFactory(log=log, item=item, starts_at=time(8 + number), clients=[client])
    if state != "draft":
        log = workflow.submit_log(log, side.worker)
    if state == "approved":
        log = workflow.approve_log(log, side.township)
    if state == "returned":
        log = workflow.return_log(log, side.township, "brief", "请补充")
    return log
