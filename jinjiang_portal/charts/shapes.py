"""What every chart is drawn with: text that fits, boxes, rules, the picture around them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

Number = int | float | Decimal | None

WIDTH = 440  # px; at 390 px of a phone text of 14 px is still 11 px
SIZE, SMALL = 14.0, 12.0
ROW, THICK = 28.0, 16.0
NOTHING = "—"
MARKS = "①②③④⑤⑥⑦⑧"
# The domains' colours first; each holds 4.5:1 against white.
COLOURS = ("#17509a", "#8a4b08", "#1d6650", "#66408f", "#46525f", "#a31f1f", "#0f6f87", "#5c6875")
SHADES = (
    ("#edf3fa", "#1b2430"), ("#c7dbf0", "#1b2430"), ("#93b8de", "#1b2430"), ("#3b76ba", "#ffffff"),
    ("#103e7a", "#ffffff"),
)  # fmt: skip
EMPTY = ("#ffffff", "#5c6875")
TEXT, FAINT, AXIS, HAIR = "#1b2430", "#46525f", "#7d8895", "#d5dbe2"
FONTS = "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, SimHei, sans-serif"


@dataclass(frozen=True)
class Chart:
    """A drawing and the table behind it. Written into a template it is the drawing."""

    svg: SafeString
    title: str
    unit: str = ""
    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def __html__(self) -> str:
        return self.svg

    def __str__(self) -> str:
        return self.svg


def length_of(value: Number) -> float | None:
    """The value as a length; None when there is none, or none that could be drawn."""
    if value is None:
        return None
    number = float(value)
    # Beyond these the arithmetic of a drawing overflows; no count and no sum of money is near them.
    if not math.isfinite(number) or abs(number) > 1e100:
        return None
    return number if abs(number) > 1e-9 else 0.0


def exact(value: Number) -> str:
    """The value as the table writes it."""
    if length_of(value) is None:
        return NOTHING
    return f"{value:,.2f}" if isinstance(value, float) and not value.is_integer() else f"{value:,}"


def short(value: Number) -> str:
    """The value as the drawing writes it: large ones in 万 and 亿, or in millions and billions."""
    number = length_of(value)
    if number is None or abs(number) < 1_000_000:
        whole = exact(value)
        return whole if len(whole) <= 14 else f"{number:.4g}"
    chinese = (get_language() or "").startswith("zh")
    steps = ((1e8, "亿"), (1e4, "万")) if chinese else ((1e9, "bn"), (1e6, "m"))
    step, word = next((pair for pair in steps if abs(number) >= pair[0]), steps[-1])
    scaled = number / step
    return f"{scaled:.1e}{word}" if abs(scaled) >= 1e7 else f"{scaled:,.1f}{word}"


def text_width(text: str, size: float) -> float:
    """Upper estimate of the width of a text in px: Chinese one em, others by class."""
    return size * sum(1.0 if ord(char) > 0x2000 else 0.86 if char in "mwMW@%" else 0.64 for char in text)


def fitted(text: str, size: float, room: float) -> str:
    """The text, cut with … where it would be wider than its room."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return f"{text}…" if text else ""


def px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def words_at(
    x: float, y: float, text: str, *, size: float = SIZE, anchor: str = "start", fill: str = TEXT
) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" font-size="{}" text-anchor="{}" fill="{}">{}</text>',
        px(x), px(y), px(size), anchor, fill, text,
    )  # fmt: skip


def box(x: float, y: float, width: float, height: float, fill: str, stroke: str = "none") -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>',
        px(x), px(y), px(width), px(height), fill, stroke,
    )  # fmt: skip


def rule(x1: float, y1: float, x2: float, y2: float, stroke: str = HAIR) -> SafeString:
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="1"/>', px(x1), px(y1), px(x2), px(y2), stroke
    )


def picture(kind: str, title: str, told: str, size: tuple[float, float], shapes: Iterable[SafeString]) -> SafeString:
    """The SVG; one with links is a group, whose links can be reached, others are one image."""
    drawn = mark_safe("".join(shapes))  # every shape is made by format_html
    role = "group" if "<a " in drawn else "img"
    return format_html(
        '<svg class="chart chart--{0}" xmlns="http://www.w3.org/2000/svg" role="{1}" aria-label="{2}" width="{4}" '
        'height="{5}" viewBox="0 0 {4} {5}" font-family="{6}"><title>{2}</title><desc>{3}</desc>{7}</svg>',
        kind, role, title, told, px(size[0]), px(size[1]), FONTS, drawn,
    )  # fmt: skip


def told_of(rows: list[list[str]], unit: str) -> str:
    """The values in one sentence; long tables are left to the table."""
    listed = "; ".join(f"{row[0]} {', '.join(row[1:])}" for row in rows[:40])
    listed = f"{listed} …" if len(rows) > 40 else listed
    return f"{_('Unit: %(unit)s') % {'unit': unit}}. {listed}" if unit else listed


def nothing(kind: str, title: str, unit: str, heads: list[str]) -> Chart:
    words = _("No data for this period.")
    shapes = [
        box(0.5, 0.5, WIDTH - 1, 55, "#ffffff", HAIR),
        words_at(WIDTH / 2, 33, words, anchor="middle", fill=FAINT),
    ]
    return Chart(picture(kind, title, words, (WIDTH, 56), shapes), title, unit, heads, [])


def unit_line(unit: str) -> list[SafeString]:
    """The unit at the top left, where there is one."""
    words = fitted(_("Unit: %(unit)s") % {"unit": unit}, SMALL, WIDTH)
    return [words_at(0, 13, words, size=SMALL, fill=FAINT)] if unit else []


def span(values: Iterable[Number]) -> tuple[float, float]:
    """The lowest and the highest length, zero always among them, never the same."""
    known = [number for number in map(length_of, values) if number is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    return (low, high) if high > low else (0.0, 1.0)


def check_series(names: Sequence[str]) -> None:
    if len(names) > len(COLOURS):
        raise ValueError(f"A chart holds at most {len(COLOURS)} series, not {len(names)}.")
