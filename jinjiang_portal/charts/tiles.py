"""Shades: a map of equal tiles, and a table whose cells are darker the more they hold."""

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from jinjiang_portal.charts.shapes import (
    AXIS,
    EMPTY,
    FAINT,
    HAIR,
    SHADES,
    SIZE,
    SMALL,
    WIDTH,
    Chart,
    Number,
    box,
    exact,
    fitted,
    length_of,
    nothing,
    picture,
    short,
    text_width,
    told_of,
    unit_line,
    words_at,
)


def _shade(value: Number, ranked: list[float]) -> tuple[str, str]:
    """Fill and text colour: five classes of equally many values, the same values always in the same one."""
    number = length_of(value)
    if number is None or not ranked:
        return EMPTY
    below = sum(1 for other in ranked if other < number)
    return SHADES[min(below * len(SHADES) // len(ranked), len(SHADES) - 1)]


def tiles(cells: Sequence[tuple[Any, int | None, int | None, Number, str]], title: str, unit: str = "") -> Chart:
    """A map of equal tiles (label, row, column, value, url), rows and columns counted from 1; darker means more.

    A tile without a place, or whose place is taken, stands below the map. Only addresses of this site become links.
    """
    table = [[str(label), exact(value)] for label, _r, _c, value, _u in cells]
    heads = [_("What is counted"), unit or _("Value")]
    if not cells:
        return nothing("tiles", title, unit, heads)
    places = _places([(row, column) for _l, row, column, _v, _u in cells])
    columns = max(column for _r, column in places)
    side, tall, top = max(WIDTH / max(columns, 6), 66.0), 48.0, 22.0 if unit else 0.0
    ranked = sorted(known for *_x, value, _u in cells if (known := length_of(value)) is not None)
    shapes = unit_line(unit)
    for (label, _r, _c, value, url), (row, column) in zip(cells, places, strict=True):
        x, y = (column - 1) * side, top + (row - 1) * tall
        fill, ink = _shade(value, ranked)
        tile = [
            box(x + 1.5, y + 1.5, side - 3, tall - 3, fill, HAIR if (fill, ink) != EMPTY else AXIS),
            words_at(x + side / 2, y + 20, fitted(str(label), SIZE, side - 8), anchor="middle", fill=ink),
            words_at(
                x + side / 2, y + 38, fitted(short(value), SMALL, side - 8), size=SMALL, anchor="middle", fill=ink
            ),
        ]
        inner = mark_safe("".join([format_html("<title>{} {}</title>", label, exact(value)), *tile]))
        own = url.startswith("/") and not url.startswith(("//", "/\\"))
        shapes.append(format_html('<a href="{}">{}</a>', url, inner) if own else format_html("<g>{}</g>", inner))
    size = (max(side * columns, WIDTH), top + tall * max(row for row, _c in places))
    return Chart(picture("tiles", title, told_of(table, unit), size, shapes), title, unit, heads, table)


def _places(wanted: list[tuple[int | None, int | None]]) -> list[tuple[int, int]]:
    """A place of its own for each tile; those that ask for none, or for a taken one, in rows of six at the foot."""
    taken: set[tuple[int, int]] = set()
    answer: list[tuple[int, int] | None] = []
    for row, column in wanted:
        asked = (row, column) if row and column and 0 < row <= 40 and 0 < column <= 40 else None
        answer.append(asked if asked not in taken else None)
        taken |= {asked} if asked else set()
    foot, number = max([row for row, _c in taken], default=0), 0
    for place, found in enumerate(answer):
        if found is None:
            answer[place] = (foot + 1 + number // 6, number % 6 + 1)
            number += 1
    return [place for place in answer if place]


def heat(rows: Sequence[tuple[Any, Sequence[Number]]], columns: Sequence[Any], title: str, unit: str = "") -> Chart:
    """A table whose cells are darker the more they hold: stations by months."""
    named, names = [(str(label), list(values)) for label, values in rows], [str(name) for name in columns]
    filled = [(label, [v[i] if i < len(v) else None for i in range(len(names))]) for label, v in named]
    table, heads = [[label, *map(exact, values)] for label, values in filled], [_("What is counted"), *names]
    if not named or not names:
        return nothing("heat", title, unit, heads)
    left = min(max(text_width(label, SMALL) for label, _v in filled), 130.0) + 8
    words = [*names, *[short(value) for _l, values in filled for value in values]]
    side, tall, top = min(max(text_width(word, SMALL) for word in words) + 8, 80.0), 26.0, 42.0 if unit else 22.0
    side = max(side, (WIDTH - left) / len(names))
    ranked = sorted(known for _l, values in filled for v in values if (known := length_of(v)) is not None)
    shapes = unit_line(unit)
    for number, name in enumerate(names):
        x = left + (number + 0.5) * side
        shapes.append(words_at(x, top - 7, fitted(name, SMALL, side - 4), size=SMALL, anchor="middle", fill=FAINT))
    for number, (label, values) in enumerate(filled):
        y = top + number * tall
        shapes.append(words_at(left - 8, y + 17, fitted(label, SMALL, left - 8), size=SMALL, anchor="end"))
        for place, value in enumerate(values):
            fill, ink = _shade(value, ranked)
            x, shown = left + place * side, fitted(short(value), SMALL, side - 4)
            shapes.append(box(x + 0.5, y + 0.5, side - 1, tall - 1, fill, HAIR))
            shapes.append(words_at(x + side / 2, y + 17, shown, size=SMALL, anchor="middle", fill=ink))
    size = (left + side * len(names), top + tall * len(filled) + 2)
    return Chart(picture("heat", title, told_of(table, unit), size, shapes), title, unit, heads, table)
