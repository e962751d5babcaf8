"""Tables that say more as a picture."""

from dataclasses import dataclass

from reports.blocks import Table


@dataclass(frozen=True)
class Drawing:
    """A table and its chart, an SVG that may be put into a page as it is; empty where a picture adds nothing."""

    table: Table
    chart: str = ""


def drawn(table: Table) -> Drawing:
    return Drawing(table)
