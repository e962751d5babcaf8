"""Put the parts of the demo together."""

from datetime import date

from django.db import transaction

from jinjiang_portal.demo.chance import Chance
from jinjiang_portal.demo.city import City, build_city
from jinjiang_portal.demo.clients import build_clients
from jinjiang_portal.demo.funds import build_funds
from jinjiang_portal.demo.service import Year
from reports.workflow import open_reports
from stations.reference import load_reference


@transaction.atomic
def load(scale: int, seed: int, until: date) -> City:
    """Write the whole demo up to `until` inclusive; needs a database without stations' contracts."""
    chance = Chance(seed)
    city = build_city(chance, load_reference(), scale)
    clients = build_clients(chance, city)
    Year(chance, city, clients, until).write()
    build_funds(chance, city, until)
    for contract in city.contracts:
        open_reports(contract)
    return city
