from typing import Any

from django.core.management.base import BaseCommand

from stations.models import StationYear
from stations.reference import load_reference
from stations.rules import required_in_city


class Command(BaseCommand):
    help = "Load the ground data: townships, villages, the 2024 programme year. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        programme = load_reference()
        years = StationYear.objects.filter(programme=programme).select_related("station__township")
        self.stdout.write(
            f"Programme {programme.year}: {programme.items.count()} service items, {years.count()} stations, "
            f"{required_in_city(programme, years)} posts."
        )
