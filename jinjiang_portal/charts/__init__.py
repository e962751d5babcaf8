"""Charts as inline SVG, the same drawing on a page and on paper: bars, stacked bars, lines, tile map, heat table.

Numbers in, drawing and table out. A drawing has a name and a description for screen readers, only presentation
attributes (no style, which the Content-Security-Policy refuses), and text that never overlaps: labels are cut to their
room, axis labels thinned, labels at the end of lines moved apart. The exact values stand in the table behind it.
Colour never speaks alone: series carry a number, lines a mark of their own.
"""

from jinjiang_portal.charts.bars import bars, stacked
from jinjiang_portal.charts.lines import lines
from jinjiang_portal.charts.shapes import Chart
from jinjiang_portal.charts.tiles import heat, tiles

__all__ = ["Chart", "bars", "heat", "lines", "stacked", "tiles"]
