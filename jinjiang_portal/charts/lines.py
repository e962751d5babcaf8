"""Lines over months, with gaps where nothing is known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jinjiang_portal.charts.shapes import (
    AXIS,
    COLOURS,
    FAINT,
    HAIR,
    MARKS,
    NOTHING,
    SMALL,
    WIDTH,
    Chart,
    Number,
    check_series,
    exact,
    fitted,
    length_of,
    nothing,
    picture,
    px,
    rule,
    short,
    span,
    text_width,
    told_of,
    unit_line,
    words_at,
)


def _ticks(low: float, high: float) -> list[float]:
    """Round values of an axis, about four, from at or below the lowest to at or above the highest."""
    raw = (high - low) / 4
    power = 10 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    return [step * number for number in range(math.floor(low / step), math.ceil(high / step) + 1)]


def _mark(number: int, x: float, y: float, colour: str) -> SafeString:
    """A point: circle, square, diamond, triangle, by turns."""
    if number % 4 == 0:
        return format_html('<circle cx="{}" cy="{}" r="3.5" fill="{}"/>', px(x), px(y), colour)
    path = ("M{0} {1}h7v7h-7z", "M{2} {3}l5 5-5 5-5-5z", "M{2} {3}l4.5 8h-9z")[number % 4 - 1]
    d = path.format(px(x - 3.5), px(y - 3.5), px(x), px(y - 5))
    return format_html('<path d="{}" fill="{}"/>', d, colour)


def _apart(wanted: list[float], gap: float, top: float, bottom: float) -> list[float]:
    """Heights near the wanted ones, at least `gap` from each other, inside top and bottom where there is room."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    answer, last = list(wanted), top - gap
    for place in order:
        answer[place] = last = max(wanted[place], last + gap)
    limit = bottom
    for place in reversed(order):
        answer[place] = min(answer[place], limit)
        limit = answer[place] - gap
    return answer


@dataclass(frozen=True)
class Frame:
    """Where values stand: edges of the drawing in px, the axis' lowest value, px a unit and px a label."""

    left: float
    right: float
    top: float
    bottom: float
    lowest: float
    scale: float
    across: float

    def height(self, value: float) -> float:
        return self.bottom - (value - self.lowest) * self.scale

    def placed(self, values: Sequence[Number]) -> list[tuple[float, float] | None]:
        """The points of a series, None where there is no value."""
        lengths = map(length_of, values)
        return [
            None if length is None else (self.left + place * self.across, self.height(length))
            for place, length in enumerate(lengths)
        ]


def lines(series: Sequence[tuple[Any, Sequence[Number]]], labels: Sequence[Any], title: str, unit: str = "") -> Chart:
    """Lines from zero over the labels (months); where there is no value the line has a gap. ValueError beyond eight."""
    names = [str(label) for label in labels]
    points = [(str(name), list(values)[: len(names)]) for name, values in series]
    check_series([name for name, _v in points])
    heads = [_("Point in time"), *[name for name, _v in points]]
    table = [[n, *[exact(v[i]) if i < len(v) else NOTHING for _s, v in points]] for i, n in enumerate(names)]
    if not any(length_of(value) is not None for _n, values in points for value in values):
        return nothing("lines", title, unit, heads)
    ticks = _ticks(*span(value for _n, values in points for value in values))
    written = [short(int(tick) if float(tick).is_integer() else round(tick, 10)) for tick in ticks]
    left = max(text_width(words, SMALL) for words in written) + 8
    right = WIDTH - 12 - min(max(text_width(f"{MARKS[0]}{name}", SMALL) for name, _v in points), 110.0)
    top = 30.0 if unit else 10.0
    tall = max(170.0, 17.0 * len(points))
    across = (right - left) / max(len(names) - 1, 1)
    frame = Frame(left, right, top, top + tall, ticks[0], tall / (ticks[-1] - ticks[0]), across)
    shapes = [*unit_line(unit), *_axis(ticks, written, frame), *_months(names, left, across, frame.bottom + 18)]
    shapes += _series(points, frame)
    size = (WIDTH, frame.bottom + 26)
    return Chart(picture("lines", title, told_of(table, unit), size, shapes), title, unit, heads, table)


def _axis(ticks: list[float], written: list[str], frame: Frame) -> list[SafeString]:
    shapes = []
    for tick, words in zip(ticks, written, strict=True):
        y = frame.height(tick)
        shapes.append(rule(frame.left, y, frame.right, y, HAIR if tick else AXIS))
        shapes.append(words_at(frame.left - 6, y + 4, words, size=SMALL, anchor="end", fill=FAINT))
    return shapes


def _series(points: list[tuple[str, list[Number]]], frame: Frame) -> list[SafeString]:
    """The lines, each with its name at its end; names are moved apart."""
    shapes: list[SafeString] = []
    ends: list[tuple[int, float]] = []
    for number, (_name, values) in enumerate(points):
        placed = frame.placed(values)
        shapes += _line(number, placed)
        known = [point for point in placed if point]
        ends += [(number, known[-1][1])] if known else []
    heights = _apart([y for _p, y in ends], SMALL + 4, frame.top, frame.bottom)
    for (number, _y), y in zip(ends, heights, strict=True):
        words = fitted(f"{MARKS[number]}{points[number][0]}", SMALL, WIDTH - frame.right - 10)
        shapes.append(words_at(frame.right + 9, y + 4, words, size=SMALL, fill=COLOURS[number]))
    return shapes


def _line(number: int, placed: list[tuple[float, float] | None]) -> list[SafeString]:
    """The stretches of a line between its gaps, and its points."""
    d, joined = "", False
    for point in placed:
        if point:
            d += f"{'L' if joined else 'M'}{px(point[0])} {px(point[1])}"
        joined = point is not None
    path = format_html('<path d="{}" fill="none" stroke="{}" stroke-width="2"/>', d, COLOURS[number])
    marks = [_mark(number, x, y, COLOURS[number]) for x, y in filter(None, placed)] if len(placed) <= 60 else []
    return [path, *marks]


def _months(names: list[str], left: float, across: float, y: float) -> list[SafeString]:
    """As many axis labels as fit next to each other, the first always."""
    shown = [fitted(name, SMALL, 90) for name in names]
    every = max(1, math.ceil((max(text_width(name, SMALL) for name in shown) + 8) / max(across, 0.1)))
    shapes = []
    for number in range(0, len(shown), every):
        x = left + number * across
        half = text_width(shown[number], SMALL) / 2
        shapes.append(
            words_at(min(max(x, half), WIDTH - half), y, shown[number], size=SMALL, anchor="middle", fill=FAINT)
        )
    return shapes
