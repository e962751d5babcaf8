import sys
from typing import Any

from django.core.management.base import BaseCommand

from jinjiang_portal.audit import chain
from jinjiang_portal.audit.models import Seal


class Command(BaseCommand):
    help = "Recompute the hash chain of the audit trail; names every changed or missing entry. Exit code 1 if any."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(chain.problems())
        for sentence in found:
            self.stdout.write(sentence)
        seals, waiting = Seal.objects.count(), chain.unsealed_count()
        self.stdout.write(f"{seals} seals checked, {len(found)} problems, {waiting} entries not sealed yet.")
        if found:
            sys.exit(1)
