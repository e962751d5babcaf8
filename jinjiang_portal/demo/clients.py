"""Invented clients: older people, families on relief, children, disabled people, by village and household."""

from datetime import date, timedelta

from casework.models import Client, ClientCategory, ClientKey, Household
from jinjiang_portal import identity, names
from jinjiang_portal.demo.chance import Chance
from jinjiang_portal.demo.city import City, person_name
from stations.models import Station

CLIENTS_PER_POST = 226  # about 12,000 in the city of 53 posts
# (weight, categories, age from, age to)
KINDS: list[tuple[int, list[str], int, int]] = [
    (22, ["R-DB-N"], 35, 80),
    (8, ["R-DB-C"], 35, 80),
    (9, ["R-TK-F"], 60, 90),
    (4, ["R-DBB"], 30, 70),
    (3, ["R-SB"], 35, 65),
    (14, ["E-DJ"], 65, 92),
    (10, ["E-KC"], 62, 88),
    (7, ["E-LS"], 62, 86),
    (6, ["E-GL"], 80, 97),
    (8, ["C-LS"], 4, 15),
    (6, ["C-PK"], 3, 17),
    (2, ["C-SW"], 3, 16),
    (1, ["C-GS"], 5, 17),
    (9, ["D-CJ"], 20, 75),
]


def build_clients(chance: Chance, city: City) -> dict[int, list[Client]]:
    """Clients of every station by its primary key, written in bulk."""
    by_station: dict[int, list[Client]] = {}
    used: set[str] = set()
    per_station: dict[int, int] = {}
    for posting in city.postings:
        if posting.ends_on is None or posting.starts_on == city.programme.starts_on:
            per_station[posting.station_id] = per_station.get(posting.station_id, 0) + 1
    for station in city.stations:
        total = min(per_station[station.pk], 3) * CLIENTS_PER_POST
        by_station[station.pk] = _station_clients(chance, city, station, total, used)
    return by_station


def _station_clients(chance: Chance, city: City, station: Station, total: int, used: set[str]) -> list[Client]:
    villages = city.villages[station.pk]
    households, clients, categories, keys = [], [], [], []
    weights = [kind[0] for kind in KINDS]
    for _number in range(total):
        _weight, codes, youngest, oldest = chance.choices(KINDS, weights)[0]
        client = _client(chance, city, station, chance.choice(villages), youngest, oldest, used)
        if households and chance.random() < 0.35:
            client.household = households[-1]
        else:
            client.household = Household(
                id=chance.key(city.programme.starts_on),
                station=station,
                village=client.village,
                name=f"{client.name}户",
                address=f"{client.village.short_name}{chance.randrange(1, 200)}号",
            )
            households.append(client.household)
        client.village = client.household.village
        client.address = client.household.address
        clients.append(client)
        starts = city.programme.starts_on - timedelta(days=chance.randrange(1, 1500))
        categories += [
            ClientCategory(client=client, category=code, starts_on=starts, basis="镇社会事务办认定名单")
            for code in codes
        ]
        keys += [ClientKey(client=client, key=key) for key in sorted(names.search_keys(client.name))]
    Household.objects.bulk_create(households, batch_size=500)
    Client.objects.bulk_create(clients, batch_size=500)
    ClientCategory.objects.bulk_create(categories, batch_size=500)
    ClientKey.objects.bulk_create(keys, batch_size=1000)
    return clients


def _client(
    chance: Chance, city: City, station: Station, village: object, youngest: int, oldest: int, used: set[str]
) -> Client:
    female = chance.random() < 0.52
    name = person_name(chance, female)
    start = city.programme.starts_on
    while True:
        birth = date(start.year - chance.randrange(youngest, oldest), chance.randrange(1, 13), chance.randrange(1, 29))
        number = identity.make_id_number("350599", birth, chance.randrange(1, 500) * 2 - (0 if female else 1))
        if number not in used:
            used.add(number)
            break
    phone = chance.phone()
    child = youngest < 18
    consented = chance.random() < 0.96
    return Client(
        id=chance.key(start),
        station=station,
        village=village,
        name=name,
        pinyin=names.pinyin(name),
        sex="female" if female else "male",
        birth_date=birth,
        id_number=number,
        id_hash=identity.id_hash(number),
        id_tail_hash=identity.tail_hash(number),
        phone="" if child else phone,
        phone_hash="" if child else identity.phone_hash(phone),
        phone_tail_hash="" if child else identity.tail_hash(phone),
        guardian_name=person_name(chance, True) if child else "",
        guardian_relation=chance.choice(["祖母", "祖父", "母亲", "伯父"]) if child else "",
        guardian_phone=phone if child else "",
        living=chance.choice(["独居", "与配偶同住", "与子女同住", "祖孙同住"]) if not child else "与祖辈同住",
        risk=chance.choices(["green", "yellow", "red"], [80, 17, 3])[0],
        consent_on=start + timedelta(days=chance.randrange(5)) if consented else None,
        consent_how="书面签字" if consented else "",
    )
