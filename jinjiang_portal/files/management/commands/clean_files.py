from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandParser

from jinjiang_portal import clock
from jinjiang_portal.files.models import StoredFile


class Command(BaseCommand):
    help = "List files on disk that belong to no row and are older than a day; --remove deletes them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(StoredFile.objects.values_list("file", flat=True))
        root = Path(default_storage.path(""))
        oldest = (clock.now() - timedelta(days=1)).timestamp()
        orphans = [
            path
            for path in root.rglob("*")
            if path.is_file() and path.relative_to(root).as_posix() not in known and path.stat().st_mtime < oldest
        ]
        for path in orphans:
            self.stdout.write(path.relative_to(root).as_posix())
            if options["remove"]:
                path.unlink()
        self.stdout.write(f"{len(orphans)} files without a row.")
