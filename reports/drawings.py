"""Tables that say more as a picture."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from jinjiang_portal.charts import Chart, bars, stacked
from reports.cells import Table


@dataclass(frozen=True)
class Drawing:
    """A table and its chart, None where a picture adds nothing."""

    table: Table
    chart: Chart | None = None


def drawn(table: Table) -> Drawing:
    """The table with its chart: months stacked by domain, others as bars; a single bar says nothing."""
    if len(table.bars) < 2:
        return Drawing(table)
    if table.key == "months":
        names = [head.title for head in table.heads[1:-1]]
        rows = [(_("month %(number)s") % {"number": int(row[0][5:])}, row[1:-1]) for row in table.rows]
        return Drawing(table, stacked(rows, names, table.title, table.bar_unit))
    return Drawing(table, bars(table.bars, table.title, table.bar_unit))
