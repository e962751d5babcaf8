"""How figures stand in tables: columns with kinds, rows, totals, and how a value is written."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse

NOTHING = "—"
WIDE = 5  # columns
RIGHT = {"int", "money", "percent", "hours"}


@dataclass(frozen=True)
class Head:
    """A column: its title and the kind of its values (text, int, money, percent, hours, date)."""

    title: str
    kind: str = "text"

    @property
    def right(self) -> bool:
        return self.kind in RIGHT


@dataclass(frozen=True)
class Table:
    """A table of figures.

    `bars` are (label, number) pairs worth a chart; `url_name` is the page that lists the rows behind the table, and
    `queries` narrow that page to one line each.
    """

    key: str
    title: str
    heads: list[Head]
    rows: list[list[Any]]
    total: list[Any] | None = None
    note: str = ""
    bars: list[tuple[str, int | Decimal]] = field(default_factory=list)
    bar_unit: str = ""
    url_name: str = ""
    queries: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[list[tuple[str, Head]], str]]:
        """The rows as written, each with its query."""
        return list(zip(self.body, self.queries or [""] * len(self.rows), strict=True))

    @property
    def is_wide(self) -> bool:
        """Whether the table needs the whole width of a page."""
        return len(self.heads) > WIDE

    @property
    def counts_of_period(self) -> bool:
        """Whether the page of the rows can be asked for the period and the contract."""
        return self.url_name in ("casework:record-list", "budget:voucher-list")

    @property
    def body(self) -> list[list[tuple[str, Head]]]:
        """The rows as written, each cell with its column."""
        return [self._written(row) for row in self.rows]

    @property
    def foot(self) -> list[tuple[str, Head]]:
        return self._written(self.total) if self.total else []

    @property
    def url(self) -> str:
        """Address of the page that lists the rows, empty where there is none."""
        try:
            return reverse(self.url_name) if self.url_name else ""
        except NoReverseMatch:
            return ""

    def _written(self, row: list[Any]) -> list[tuple[str, Head]]:
        return [(written(value, head.kind), head) for value, head in zip(row, self.heads, strict=True)]


def written(value: Any, kind: str) -> str:
    """A value as the tables write it."""
    if value is None:
        return NOTHING
    if value == "":
        return ""
    if kind == "money":
        return f"{Decimal(value):,.2f}"
    if kind == "percent":
        return f"{value}%"
    if kind == "hours":
        return f"{Decimal(value) / 60:,.1f}"
    return f"{value:,}" if kind == "int" else str(value)
