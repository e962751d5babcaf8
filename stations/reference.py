"""Ground data, real and not sample: townships, villages, the 2024 programme with every parameter of the plan.

Loading twice changes nothing that the bureau edited: rows are created where they are missing, never overwritten.
Sources: the plan 晋政民〔2023〕109号; the statistics list of township- and village-level units, 2023 edition.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from jinjiang_portal.names import pinyin
from stations.models import (
    BudgetShare,
    BudgetSubject,
    Programme,
    ReturnReason,
    ServiceItem,
    ServiceTag,
    Station,
    StationYear,
    Township,
    Village,
    VisitRule,
)
from stations.workflow import grant_township, township_group

DATA = Path(__file__).parent / "data"


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load_reference() -> Programme:
    """Create what is missing of the ground data; answers the programme of 2024."""
    _load_townships()
    data = json.loads((DATA / "programme_2024.json").read_text(encoding="utf-8"))
    programme, created = Programme.objects.get_or_create(year=data["programme"]["year"], defaults=data["programme"])
    programme.refresh_from_db()
    if created:
        _load_lists(programme, data)
    for station in Station.objects.select_related("township"):
        StationYear.objects.get_or_create(programme=programme, station=station)
        grant_township(township_group(station.township.code), station, programme.starts_on)
    return programme


def _load_townships() -> None:
    for row in _rows("townships.csv"):
        township, _created = Township.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "kind": row["kind"],
                "pilot_town": row["pilot_town"] == "1",
                "pinyin": pinyin(row["name"]),
                "tile_row": int(row["tile_row"]),
                "tile_column": int(row["tile_column"]),
            },
        )
        Station.objects.get_or_create(township=township)
    townships = {township.code: township for township in Township.objects.all()}
    known = set(Village.objects.values_list("code", flat=True))
    Village.objects.bulk_create(
        Village(township=townships[row["township_code"]], code=row["code"], name=row["name"])
        for row in _rows("villages.csv")
        if row["code"] not in known
    )


def _load_lists(programme: Programme, data: dict[str, Any]) -> None:
    for order, share_data in enumerate(data["shares"], 1):
        subjects = share_data.pop("subjects")
        share = BudgetShare.objects.create(programme=programme, order=order, **share_data)
        BudgetSubject.objects.bulk_create(
            BudgetSubject(share=share, code=code, name_zh=zh, name_en=en, order=number)
            for number, (code, zh, en) in enumerate(subjects, 1)
        )
    ServiceItem.objects.bulk_create(
        ServiceItem(programme=programme, order=order, **item) for order, item in enumerate(data["items"], 1)
    )
    ServiceTag.objects.bulk_create(
        ServiceTag(programme=programme, code=code, kind=kind, name_zh=zh, name_en=en, order=order)
        for order, (code, kind, zh, en) in enumerate(data["tags"], 1)
    )
    ReturnReason.objects.bulk_create(
        ReturnReason(programme=programme, code=code, name_zh=zh, name_en=en, needs_text=needs_text, order=order)
        for order, (code, zh, en, needs_text) in enumerate(data["return_reasons"], 1)
    )
    VisitRule.objects.bulk_create(
        VisitRule(programme=programme, category=category, days_green=green, days_yellow=yellow, days_red=red)
        for category, green, yellow, red in data["visit_rules"]
    )
