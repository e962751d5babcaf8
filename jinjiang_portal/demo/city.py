"""Contractors, contracts, stations, accounts and staff of the demo, with a vacancy, an overdue one and a filled one."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from jinjiang_portal import identity, names
from jinjiang_portal.accounts.demo import DEMO_PASSWORD
from jinjiang_portal.accounts.models import Role, User
from jinjiang_portal.demo import words
from jinjiang_portal.demo.chance import Chance
from jinjiang_portal.workdays import Calendar, refill_due
from staffing.models import Certificate, Posting, Staff, Vacancy
from stations.models import (
    Contract,
    Contractor,
    ContractStation,
    Programme,
    ServiceTarget,
    Station,
    StationYear,
    Township,
    Village,
)
from stations.rules import required_headcount
from stations.workflow import (
    contractor_group,
    grant_contractor,
    grant_inspector,
    grant_township,
    grant_worker,
    township_group,
)

PRICE_OF_A_POST = Decimal("100000.00")
# Short name of the station → (last day of the leaver, day the post was filled again or None).
LEAVERS = {
    "内坑": (date(2024, 5, 9), None),
    "英林": (date(2024, 6, 11), None),
    "磁灶": (date(2024, 3, 8), date(2024, 4, 1)),
}
UNCERTIFIED_EVERY = 5  # of the people in post, two in five hold no certificate yet


@dataclass
class City:
    """What the other parts of the demo build on."""

    programme: Programme
    calendar: Calendar
    bureau: User
    contracts: list[Contract] = field(default_factory=list)
    stations: list[Station] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    supervisors: dict[int, User] = field(default_factory=dict)  # by station
    managers: dict[str, User] = field(default_factory=dict)  # by contract number
    accountants: dict[str, User] = field(default_factory=dict)
    villages: dict[int, list[Village]] = field(default_factory=dict)  # by station


def account(username: str, full_name: str, role: Role, organisation: str, password: str | None = None) -> User:
    return User.objects.create(
        username=username,
        full_name=full_name,
        role=role,
        organisation=organisation,
        must_change_password=False,
        password=password or make_password(None),
    )


def person_name(chance: Chance, female: bool) -> str:
    given = words.GIVEN_FEMALE if female else words.GIVEN_MALE
    return chance.choice(words.SURNAMES) + "".join(chance.sample(given, chance.choice((1, 2, 2, 2))))


def build_city(chance: Chance, programme: Programme, scale: int) -> City:
    """The city (copy 0 with its real townships) and, for scale > 1, invented further cities beside it."""
    years = range(programme.year, programme.year + 2)
    password = make_password(DEMO_PASSWORD)
    bureau = account("bureau", "黄丽萍", Role.BUREAU_ADMIN, "晋江市民政局", password)
    account("viewer", "苏文强", Role.BUREAU_VIEWER, "晋江市民政局")
    account("sysadmin", "周信", Role.SYSTEM_ADMIN, "晋江市民政局信息中心", password)
    city = City(programme=programme, calendar=Calendar.from_chinese_calendar(years), bureau=bureau)
    for copy in range(scale):
        townships = _townships(copy)
        for number, lot in enumerate(words.LOTS):
            _contract(chance, city, copy, number, [townships[name] for name in lot], password if copy == 0 else None)
    inspector = account("inspector", "丁慎之", Role.INSPECTOR, "晋江市财政局", password)
    grant_inspector(inspector, city.contracts[0], programme.starts_on, date(programme.year + 1, 3, 31))
    return city


def _townships(copy: int) -> dict[str, Township]:
    real = {township.short_name: township for township in Township.objects.filter(code__startswith="350582")}
    if copy == 0:
        return real
    made = {}
    for order, (name, township) in enumerate(real.items()):
        twin = Township.objects.create(
            code=f"35{copy:03d}{order:04d}",
            name=f"示范{copy}{name}镇",
            kind="town",
            pilot_town=township.pilot_town,
            pinyin=names.pinyin(f"示范{name}"),
        )
        Village.objects.bulk_create(
            Village(township=twin, code=f"35{copy:03d}{order:04d}{n:03d}", name=f"{name}{n}村委会")
            for n in range(1, 16)
        )
        made[name] = twin
    return made


def _contract(
    chance: Chance, city: City, copy: int, number: int, townships: list[Township], password: str | None
) -> None:
    programme = city.programme
    name, credit_code = words.CONTRACTORS[number]
    if copy:
        name, credit_code = f"{name}（示范{copy}）", f"52350582DEMO{copy:03d}{number:03d}"
    contractor = Contractor.objects.create(
        id=chance.key(programme.starts_on),
        name=name,
        credit_code=credit_code,
        business_scope="社会工作服务、社区服务、为老服务、儿童关爱服务",
        scope_has_social_work=True,
        contact_name=person_name(chance, female=True),
        contact_phone=chance.phone(),
        group=contractor_group(name),
    )
    stations = [_station(chance, city, township, password) for township in townships]
    posts = sum(
        required_headcount(
            programme, StationYear.objects.get(programme=programme, station=station), station.township.pilot_town
        )
        for station in stations
    )
    signed = date(programme.year - 1, 12, 29)
    contract = Contract.objects.create(
        id=chance.key(signed),
        programme=programme,
        contractor=contractor,
        number=f"JJMZ-{programme.year}-{copy * 3 + number + 1:02d}",
        title=f"{programme.year}年度镇（街道）民政服务站购买服务合同（第{'一二三'[number]}包）",
        amount=PRICE_OF_A_POST * posts,
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        signed_on=signed,
        state="active",
    )
    for station in stations:
        lot = ContractStation.objects.create(
            contract=contract, station=station, starts_on=contract.starts_on, ends_on=contract.ends_on
        )
        _targets(lot)
    grant_contractor(contract)
    prefix = "" if copy == 0 and number == 0 else f"{copy}-{number}-"
    manager = account(f"{prefix}manager", person_name(chance, True), Role.CONTRACTOR_MANAGER, name, password)
    finance = account(f"{prefix}finance", person_name(chance, True), Role.CONTRACTOR_FINANCE, name, password)
    for user in (manager, finance):
        user.groups.add(contractor.group)
    city.contracts.append(contract)
    city.managers[contract.number], city.accountants[contract.number] = manager, finance
    for station in stations:
        _people(chance, city, contract, station, password)


def _station(chance: Chance, city: City, township: Township, password: str | None) -> Station:
    station, _created = Station.objects.get_or_create(township=township)
    StationYear.objects.get_or_create(programme=city.programme, station=station)
    group = township_group(township.code)
    grant_township(group, station, city.programme.starts_on)
    villages = list(township.villages.all())
    station.address = f"{township.name}{villages[0].short_name if villages else ''}便民服务中心一楼"
    station.phone = "0595-8500" + f"{chance.randrange(10000):04d}"
    station.opening_hours = "周一至周五 8:00—12:00，14:30—17:30"
    station.save()
    named = "chendai" if township.name == "陈埭镇" else f"township-{township.code}"
    user = account(named, person_name(chance, False), Role.TOWNSHIP_SUPERVISOR, f"{township.name}社会事务办", password)
    user.groups.add(group)
    city.stations.append(station)
    city.supervisors[station.pk], city.villages[station.pk] = user, villages
    return station


def _targets(lot: ContractStation) -> None:
    """Targets of a station-year, half as much again at a three-post station (FIELD_REFERENCE 4.1)."""
    factor = Decimal("1.5") if lot.station.township.pilot_town else Decimal(1)
    visits = ["T1.4", "T2.2", "T3.1", "T3.7"]
    rows = [
        ("visits", "走访探访", "Visits", "household_times", visits, 1200),
        ("advice", "政策咨询", "Policy consultations", "person_times", ["T1.1"], 280),
        ("activities", "社区活动", "Community activities", "sessions", ["T2.5", "T3.4", "T4.1", "T5.2"], 60),
        ("registers", "儿童台账更新", "Children's register updates", "person_times", ["T3.6"], 60),
    ]
    ServiceTarget.objects.bulk_create(
        ServiceTarget(
            contract_station=lot,
            code=code,
            name_zh=zh,
            name_en=en,
            unit=unit,
            items=items,
            quantity=int(factor * count),
        )
        for code, zh, en, unit, items, count in rows
    )


def _people(chance: Chance, city: City, contract: Contract, station: Station, password: str | None) -> None:
    township = station.township
    year = StationYear.objects.get(programme=city.programme, station=station)
    count = required_headcount(city.programme, year, township.pilot_town)
    leaver = LEAVERS.get(township.short_name) if township.code.startswith("350582") else None
    for number in range(count):
        ends = leaver[0] if leaver and number == count - 1 else None
        named = "worker" if township.name == "陈埭镇" and number == 0 else f"w-{township.code}-{number + 1}"
        posting = _hire(chance, city, contract, station, named, city.programme.starts_on, ends, password)
        if leaver and ends:
            _vacancy(chance, city, contract, station, posting, leaver[1], named)


def _vacancy(
    chance: Chance, city: City, contract: Contract, station: Station, left: Posting, filled_on: date | None, named: str
) -> None:
    assert left.ends_on is not None
    due = refill_due(left.ends_on, city.calendar, roll=city.programme.refill_rolls_past_rest_days)
    filled_by = None
    if filled_on:
        filled_by = _hire(chance, city, contract, station, f"{named}b", filled_on, None, None)
    Vacancy.objects.create(
        id=chance.key(left.ends_on),
        station=station,
        contract=contract,
        left_by=left,
        last_day=left.ends_on,
        due_on=due.day,
        due_because=str(due.explanation),
        filled_by=filled_by,
        filled_on=filled_on,
    )


def _hire(
    chance: Chance,
    city: City,
    contract: Contract,
    station: Station,
    named: str,
    starts_on: date,
    ends_on: date | None,
    password: str | None,
) -> Posting:
    female = chance.random() < 0.78
    name = chance.choice(words.SURNAMES) + chance.choice(words.WORKER_GIVEN)
    user = account(named, name, Role.STATION_WORKER, contract.contractor.name, password if named == "worker" else None)
    grant_worker(user, station, starts_on, ends_on)
    birth = date(chance.randrange(1981, 2001), chance.randrange(1, 13), chance.randrange(1, 29))
    number = identity.make_id_number("350599", birth, chance.randrange(1, 500) * 2 - (0 if female else 1))
    while Staff.objects.filter(id_hash=identity.id_hash(number)).exists():
        number = identity.make_id_number("350599", birth, chance.randrange(1, 500) * 2 - (0 if female else 1))
    major = chance.choice(["社会工作", "社会工作", "社会学", "心理学", "汉语言文学", "会计", "学前教育"])
    staff = Staff.objects.create(
        id=chance.key(starts_on),
        contractor=contract.contractor,
        user=user,
        name=name,
        pinyin=names.pinyin(name),
        sex="female" if female else "male",
        birth_date=birth,
        id_number=number,
        id_hash=identity.id_hash(number),
        phone=chance.phone(),
        education=chance.choice(["college", "bachelor", "bachelor", "master"]),
        major=major,
        school="福建省某高校",
        hired_on=starts_on,
        left_on=ends_on,
    )
    if len(city.postings) % UNCERTIFIED_EVERY not in (1, 3):
        issued = date(chance.randrange(2018, 2024), 9, 15) if len(city.postings) % 11 else date(2024, 3, 20)
        Certificate.objects.create(
            id=chance.key(starts_on),
            staff=staff,
            level="intermediate" if chance.random() < 0.3 else "junior",
            number=f"DEMO{chance.randrange(10**12):012d}",
            issued_on=issued,
            registered_until=issued + timedelta(days=3 * 365),
        )
    posting = Posting.objects.create(
        id=chance.key(starts_on), staff=staff, station=station, contract=contract, starts_on=starts_on, ends_on=ends_on
    )
    city.postings.append(posting)
    return posting
