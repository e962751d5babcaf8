"""Bars: one length a row, or one divided into parts."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jinjiang_portal.charts.shapes import (
    AXIS,
    COLOURS,
    MARKS,
    ROW,
    SIZE,
    SMALL,
    THICK,
    WIDTH,
    Chart,
    Number,
    box,
    check_series,
    exact,
    fitted,
    length_of,
    nothing,
    picture,
    rule,
    short,
    span,
    text_width,
    told_of,
    unit_line,
    words_at,
)


def bars(rows: Sequence[tuple[Any, Number]], title: str, unit: str = "") -> Chart:
    """Horizontal bars from zero, negative ones to the left of it; no value, no bar."""
    named = [(str(label), value) for label, value in rows]
    table = [[label, exact(value)] for label, value in named]
    heads = [_("What is counted"), unit or _("Value")]
    if not named:
        return nothing("bars", title, unit, heads)
    left = min(max(text_width(label, SIZE) for label, _v in named), 150.0) + 8
    right = max(text_width(short(value), SIZE) for _l, value in named) + 8
    low, high = span(value for _l, value in named)
    room = WIDTH - left - right
    zero = left + room * -low / (high - low)
    top = 22.0 if unit else 4.0
    shapes = unit_line(unit)
    for number, (label, value) in enumerate(named):
        y = top + number * ROW
        shapes.append(words_at(left - 8, y + 19, fitted(label, SIZE, left - 8), anchor="end"))
        length = (length_of(value) or 0.0) / (high - low) * room
        if length:
            shapes.append(box(zero + min(length, 0), y + 6, max(abs(length), 1), THICK, COLOURS[0]))
        # With negative bars the values stand in a column of their own, where no bar reaches.
        x = left + room if low < 0 else zero + max(length, 0)
        shapes.append(words_at(x + 6, y + 19, short(value)))
    height = top + len(named) * ROW + 4
    shapes.append(rule(zero, top, zero, height - 4, AXIS))
    return Chart(picture("bars", title, told_of(table, unit), (WIDTH, height), shapes), title, unit, heads, table)


def _legend(names: Sequence[str], top: float) -> tuple[list[SafeString], float]:
    """Names with their colour and number, wrapped; answers where the drawing may begin."""
    shapes, x, y = [], 0.0, top
    for number, name in enumerate(names):
        words = fitted(f"{MARKS[number]}{name}", SMALL, WIDTH - 20)
        width = 18 + text_width(words, SMALL) + 14
        if x and x + width > WIDTH:
            x, y = 0.0, y + 20
        shapes += [box(x, y + 2, 12, 12, COLOURS[number]), words_at(x + 17, y + 12, words, size=SMALL)]
        x += width
    return shapes, y + 24


def stacked(rows: Sequence[tuple[Any, Sequence[Number]]], names: Sequence[Any], title: str, unit: str = "") -> Chart:
    """One bar a row, divided into the named parts, with its total. A negative part has no length, but is in the table.

    ValueError with more than eight parts.
    """
    parts = [str(name) for name in names]
    check_series(parts)
    named = [(str(label), list(values)) for label, values in rows]
    totals = [_added(values) for _l, values in named]
    table = [[n, *map(exact, v), exact(total)] for (n, v), total in zip(named, totals, strict=True)]
    heads = [_("What is counted"), *parts, _("Total")]
    if not named or not parts:
        return nothing("stacked", title, unit, heads)
    left = min(max(text_width(label, SIZE) for label, _v in named), 150.0) + 8
    right = max(text_width(short(total), SIZE) for total in totals) + 8
    lengths = [[max(length_of(value) or 0.0, 0.0) for value in values] for _l, values in named]
    scale = (WIDTH - left - right) / (max(map(math.fsum, lengths)) or 1.0)
    legend, top = _legend(parts, 22.0 if unit else 0.0)
    shapes = [*unit_line(unit), *legend]
    for number, ((label, _v), row, total) in enumerate(zip(named, lengths, totals, strict=True)):
        x, y = left, top + number * ROW
        shapes.append(words_at(left - 8, y + 19, fitted(label, SIZE, left - 8), anchor="end"))
        for place, length in enumerate(row):
            width = length * scale
            if width:
                shapes.append(box(x, y + 5, width, THICK + 2, COLOURS[place], "#ffffff"))
            if width >= SMALL + 4:
                shapes.append(
                    words_at(x + width / 2, y + 18, MARKS[place], size=SMALL, anchor="middle", fill="#ffffff")
                )
            x += width
        shapes.append(words_at(x + 6, y + 19, short(total)))
    height = top + len(named) * ROW + 4
    shapes.append(rule(left, top, left, height - 4, AXIS))
    return Chart(picture("stacked", title, told_of(table, unit), (WIDTH, height), shapes), title, unit, heads, table)


def _added(values: Sequence[Number]) -> Number:
    """The exact sum of what is known; floats are taken as they are written, so that they add to Decimals."""
    known = [value for value in values if value is not None and length_of(value) is not None]
    if any(isinstance(value, Decimal) for value in known):
        return sum((Decimal(str(value)) for value in known), start=Decimal(0))
    return sum(known)
