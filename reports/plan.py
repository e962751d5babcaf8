"""What a build is made of: its parts, each with the digest of everything it is made from.

A part with the same digest has the same content, so it is made once and found again in `BuildPart`: after a change only
the parts that show what changed are made anew.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from reports.figures import digest
from reports.models import Report
from reports.sections import heading, sections_of, written_in

SECTION, STATION, WORKBOOK, ROWS = "report.section", "report.station", "report.workbook", "rows"
# Which figures a block of a section shows.
BLOCKS: dict[str, tuple[str, ...]] = {
    "contract": ("contract", "period", "as_of"),
    "places": ("places",),
    "staffing": ("staffing",),
    "vacancies": ("vacancies", "as_of"),
    "totals": ("totals",),
    "domains": ("domains",),
    "months": ("months",),
    "items": ("items",),
    "targets": ("targets",),
    "stations": ("places", "totals"),
    "categories": ("categories", "totals"),
    "money": ("money", "as_of"),
    "behind": ("targets", "vacancies", "staffing"),
}
SHAPING = ("sheets.py", "paper.py", "blocks.py", "cells.py", "drawings.py", "sections.py")
PLACE = ("id", "name", "short_name", "records", "visits", "person_times", "minutes")


@dataclass(frozen=True)
class Piece:
    """One part to be made: its kind of job, what the job is told, and its title on the page."""

    kind: str
    parameters: dict[str, Any]
    title: str


@dataclass(frozen=True)
class Plan:
    """All parts in order and the digest of all their inputs: equal digests mean an equal file."""

    pieces: tuple[Piece, ...]
    inputs: str


@lru_cache(maxsize=1)
def paper_version() -> str:
    """Digest of everything that shapes the paper: a changed layout makes every part anew."""
    files = sorted((settings.BASE_DIR / "templates" / "paper").iterdir())
    files += [settings.BASE_DIR / "reports" / name for name in SHAPING]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def shown(figures: dict[str, Any], blocks: tuple[str, ...]) -> dict[str, Any]:
    """The part of the figures that the blocks show."""
    places = [{name: line[name] for name in PLACE} for line in figures["stations"]]
    known = {**figures, "places": places}
    return {name: known[name] for block in blocks for name in BLOCKS[block]}


def plan_of(report: Report, figures: dict[str, Any]) -> Plan:
    """Every part of the report with these figures and the texts as they are now."""
    pieces = (*_section_pieces(report, figures), *_station_pieces(report, figures), _workbook_piece(report, figures))
    inputs = digest([[piece.parameters["digest"] for piece in pieces], report.state, paper_version()])
    return Plan(pieces, inputs)


def _section_pieces(report: Report, figures: dict[str, Any]) -> list[Piece]:
    texts = dict(report.sections.values_list("key", "text"))
    pieces = []
    for section in sections_of(report.kind):
        told = {
            "kind": report.kind,
            "key": section.key,
            "text": written_in(texts.get(section.key, "").strip(), figures),
        }
        key = digest([SECTION, told, shown(figures, section.blocks), paper_version()])
        pieces.append(Piece(SECTION, {**told, "digest": key}, heading(report.kind, section.key)))
    return pieces


def _station_pieces(report: Report, figures: dict[str, Any]) -> list[Piece]:
    pieces = []
    for line in figures["stations"]:
        key = digest([STATION, station_inputs(figures, line["id"]), paper_version()])
        pieces.append(Piece(STATION, {"station": line["id"], "digest": key}, line["name"]))
    return pieces


def station_inputs(figures: dict[str, Any], station: int) -> dict[str, Any]:
    """What the page of one station shows."""
    staff = [row for row in figures["staffing"]["rows"] if row["station_id"] == station]
    return {
        "period": figures["period"],
        "as_of": figures["as_of"],
        "line": next(line for line in figures["stations"] if line["id"] == station),
        "staff": staff[0] if staff else None,
        "vacancies": [row for row in figures["vacancies"] if row["station_id"] == station],
    }


def _workbook_piece(report: Report, figures: dict[str, Any]) -> Piece:
    key = digest([WORKBOOK, str(report.pk), report.state, figures, paper_version()])
    return Piece(WORKBOOK, {"digest": key}, _("Workbook"))
