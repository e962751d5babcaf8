"""Sealing the trail and finding what was changed in it (SECURITY 7)."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from auditlog import get_logentry_model
from django.db import transaction

from jinjiang_portal.audit.models import Seal

FIRST = "0" * 64
BATCH = 5_000
# How far below the newest sealed entry a late commit is looked for.
LATE_IDS = 10_000
SETTLE = timedelta(seconds=5)
COLUMNS = [
    "id", "content_type_id", "object_pk", "object_id", "object_repr", "action", "changes", "actor_id", "remote_addr",
    "timestamp", "additional_data", "serialized_data", "changes_text", "cid", "actor_email",
]  # fmt: skip


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def entry_digest(row: dict[str, Any]) -> str:
    """SHA-256 of an entry's columns."""
    return hashlib.sha256(_canonical({**row, "timestamp": row["timestamp"].timestamp()})).hexdigest()


def seal_hash(number: int, previous: str, entries: list[list[Any]]) -> str:
    """The seal's own hash over its number, its entries and the hash before it."""
    return hashlib.sha256(_canonical([number, previous, entries])).hexdigest()


def _unsealed() -> Any:
    entries = get_logentry_model().objects
    last = Seal.objects.last()
    if last is None:
        return entries.order_by("id")
    highest = max(Seal.objects.order_by("-last_id").values_list("last_id", flat=True)[:1], default=0)
    low = highest - LATE_IDS
    sealed = {key for seal in Seal.objects.filter(last_id__gt=low) for key, _digest in seal.entries}
    late = set(entries.filter(id__gt=low, id__lte=highest).values_list("id", flat=True)) - sealed
    return entries.filter(id__gt=highest).order_by("id") if not late else (
        entries.filter(id__in=late) | entries.filter(id__gt=highest)
    ).order_by("id")  # fmt: skip


def seal(now: Any) -> int:
    """Close the entries older than a few seconds; answers how many. Several seals may be made."""
    sealed = 0
    while True:
        with transaction.atomic():
            last = Seal.objects.select_for_update().last()
            rows = list(_unsealed().filter(timestamp__lte=now - SETTLE).values(*COLUMNS)[:BATCH])
            if not rows:
                return sealed
            entries = [[row["id"], entry_digest(row)] for row in rows]
            number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
            Seal.objects.create(
                number=number, entries=entries, last_id=max(key for key, _digest in entries), previous=previous,
                hash=seal_hash(number, previous, entries),
            )  # fmt: skip
            sealed += len(rows)


def problems() -> Iterator[str]:
    """A sentence for each seal that is broken and each entry that was changed or is missing."""
    previous, expected = FIRST, 1
    entries = get_logentry_model().objects
    for found in Seal.objects.iterator():
        if found.number != expected:
            yield f"Seal {expected} is missing: the next one there is has number {found.number}."
        if found.previous != previous or found.hash != seal_hash(found.number, found.previous, found.entries):
            yield f"Seal {found.number} is broken: its content or the seal before it was changed."
        rows = {row["id"]: row for row in entries.filter(id__in=[key for key, _d in found.entries]).values(*COLUMNS)}
        for key, digest in found.entries:
            if key not in rows:
                yield f"Entry {key} is missing (seal {found.number})."
            elif entry_digest(rows[key]) != digest:
                yield f"Entry {key} was changed (seal {found.number})."
        previous, expected = found.hash, found.number + 1


def unsealed_count() -> int:
    """Entries that no seal covers yet."""
    return int(_unsealed().count())
