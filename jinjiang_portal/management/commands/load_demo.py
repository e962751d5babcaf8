from datetime import date
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.models import Client, ServiceRecord
from jinjiang_portal import clock
from jinjiang_portal.accounts.demo import DEMO_PASSWORD
from jinjiang_portal.demo.loader import load
from stations.models import Contract


class Command(BaseCommand):
    help = "Load invented people and a believable year. Refused in production and on a database that has contracts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="cities of 22 stations (50 is the province)")
        parser.add_argument("--seed", type=int, default=2024)
        parser.add_argument(
            "--until", type=date.fromisoformat, default=None, help="last day with logs (default: today)"
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are contracts already")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo is never loaded in production.")
        if Contract.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are contracts already. Load the demo into an empty database.")
        until = options["until"] or min(clock.today(), date(2024, 12, 31))
        started = perf_counter()
        load(max(1, options["scale"]), options["seed"], until)
        self.stdout.write(
            f"Demo until {until}: {Client.objects.count()} clients, {ServiceRecord.objects.count()} service records "
            f"in {perf_counter() - started:.0f} s. Every demo sign-in has the password {DEMO_PASSWORD}"
        )
