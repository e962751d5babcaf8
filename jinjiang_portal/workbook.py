"""Excel workbooks: streamed, ready to print, and without formulas, whatever the cells say (SECURITY 8, 9, 17)."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from jinjiang_portal import clock
from jinjiang_portal.audit import records as audit

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_000
# What a spreadsheet may take for a formula, blanks before it included; the wide forms are typed by mistake.
FORMULA = re.compile(r"^[\s\u3000]*[=+\-@＝＋－＠\t\r]")
FORMATS = {
    "int": "#,##0", "money": "#,##0.00", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm", "percent": '0.00"%"',
    "minutes": "#,##0", "formula": "@",
}  # fmt: skip
WIDTHS = {"int": 10, "money": 15, "date": 12, "datetime": 17, "percent": 10, "minutes": 10, "text": 18}

_THIN = Side(style="thin", color="FFB4BCC6")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="FFE6EFF9")
_TOTAL = PatternFill("solid", fgColor="FFF4F6F8")
_BOLD, _TITLE = Font(bold=True), Font(bold=True, size=14)
_LEFT = Alignment(vertical="top", wrap_text=True)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_ALIGNMENTS = {"head": _CENTRE, "title": Alignment(vertical="center"), "plain": Alignment(vertical="top")}
_FILLS = {"head": _HEAD, "total": _TOTAL}


@dataclass(frozen=True)
class Column:
    """A column: `value` is an attribute path ("staff.name"), a function of the row, or a key of a row that is a dict.

    `kind`: text, int, money, date, datetime, percent or minutes. `total` adds the column up at the foot.
    """

    title: Any
    value: str | Callable[[Any], Any]
    width: int | None = None
    kind: str = "text"
    total: bool = False

    def of(self, row: Any) -> Any:
        """The row's value."""
        if callable(self.value):
            return self.value(row)
        for name in self.value.split("."):
            row = row.get(name) if isinstance(row, dict) else getattr(row, name, None)
            if row is None:
                return None
        return row


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows may be any iterable and are read once."""

    title: str
    columns: list[Column]
    rows: Iterable[Any]
    note: str = ""


def safe_text(value: Any) -> str:
    """Text for a cell: without characters a workbook cannot hold, cut at what Excel shows."""
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value)).replace("\ufffe", "").replace("\uffff", "")
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula (OWASP: = + - @ TAB CR)."""
    return bool(FORMULA.match(text))


class _Paper:
    """A sheet being written. Styles are put together once for each look: doing so cell by cell took half the time."""

    def __init__(self, sheet: WriteOnlyWorksheet) -> None:
        self.sheet = sheet
        self.styles: dict[tuple[str, str], Any] = {}

    def style(self, kind: str, look: str) -> Any:
        """The style of a kind of value in a look: body, head, total, title or plain."""
        if (kind, look) not in self.styles:
            cell = WriteOnlyCell(self.sheet)
            cell.number_format = FORMATS.get(kind, "General")
            cell.quotePrefix = kind == "formula"
            cell.border = Border() if look in ("title", "plain") else _BORDER
            cell.font = _TITLE if look == "title" else _BOLD if look in ("head", "total") else Font()
            cell.alignment = _ALIGNMENTS.get(look, _LEFT if kind in ("text", "formula") else Alignment())
            cell.fill = _FILLS.get(look, PatternFill())
            self.styles[kind, look] = cell._style
        return self.styles[kind, look]

    def cell(self, value: Any, kind: str = "text", look: str = "body") -> WriteOnlyCell:
        """A cell; text is a string by type, so that “=1+1” stays what somebody wrote and is never computed."""
        cell = WriteOnlyCell(self.sheet)
        if kind != "text" and value is not None and value != "":
            typed = _typed(value, kind)
            # By way of a float the package would write 9999999994.70 as 9999999994.700001.
            cell.value = format(typed, "f") if isinstance(typed, Decimal) else typed
            cell.data_type = "n" if isinstance(typed, Decimal) else cell.data_type
            cell._style = self.style(kind, look)
            return cell
        text = "" if value is None else safe_text(value)
        cell.value = text
        cell.data_type = "s"
        cell._style = self.style("formula" if is_formula_like(text) else "text", look)
        return cell

    def line(self, values: Iterable[tuple[Any, str]], look: str = "body") -> None:
        """Write a row of (value, kind)."""
        self.sheet.append([self.cell(value, kind, look) for value, kind in values])


def _typed(value: Any, kind: str) -> Any:
    if kind == "datetime" and isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if kind == "date" and isinstance(value, datetime):
        return value.date()
    if kind in ("money", "percent") and not isinstance(value, Decimal):
        return Decimal(str(value))
    if kind in ("int", "minutes"):
        return int(value)
    return value


def sheet_titles(sheets: Iterable[Sheet]) -> Iterator[str]:
    """Titles Excel accepts: at most 31 characters, none of []:*?/\\, each once."""
    used: set[str] = set()
    for sheet in sheets:
        base = re.sub(r"[\[\]:*?/\\]", " ", safe_text(sheet.title)).strip(" '")[:31] or "Sheet"
        title, number = base, 2
        while title.lower() in used:
            title = f"{base[: 31 - len(str(number)) - 1]} {number}"
            number += 1
        used.add(title.lower())
        yield title


def _write_sheet(book: Workbook, name: str, sheet: Sheet, title: str, footer: str) -> int:
    """One sheet: title, heads, rows, totals, and who made it; answers the number of rows."""
    paper = _Paper(book.create_sheet(name))
    columns = sheet.columns
    _set_up(paper.sheet, columns)
    last = get_column_letter(max(len(columns), 1))
    paper.line([(title, "text")], "title")
    paper.line([(column.title, "text") for column in columns], "head")
    sums: list[Any] = [0 if column.total else None for column in columns]
    added = [place for place, column in enumerate(columns) if column.total]
    count = 0
    for row in sheet.rows:
        values = [(column.of(row), column.kind) for column in columns]
        for place in added:
            value, kind = values[place]
            if value not in (None, ""):
                sums[place] += _typed(value, kind)
        paper.line(values)
        count += 1
    if added:
        foot = [(value, "text" if value is None else c.kind) for value, c in zip(sums, columns, strict=True)]
        if sums[0] is None:
            foot[0] = (_("Total"), "text")
        paper.line(foot, "total")
    for text in (sheet.note, footer):
        if text:
            paper.line([(text, "text")], "plain")
    if len(columns) > 1:
        paper.sheet.merged_cells.add(f"A1:{last}1")
    paper.sheet.auto_filter.ref = f"A2:{last}{max(count, 1) + 2}"
    return count


def _set_up(paper: WriteOnlyWorksheet, columns: list[Column]) -> None:
    for number, column in enumerate(columns, 1):
        width = column.width or WIDTHS[column.kind]
        paper.column_dimensions[get_column_letter(number)].width = max(width, len(str(column.title)) * 2 + 2)
    paper.freeze_panes = "A3"
    paper.print_title_rows = "2:2"
    paper.page_setup.paperSize = 9  # A4
    paper.page_setup.orientation = "landscape"
    paper.page_setup.fitToWidth, paper.page_setup.fitToHeight = 1, 0
    paper.sheet_properties.pageSetUpPr.fitToPage = True
    paper.oddFooter.center.text = "&P / &N"


def write_book(
    target: Path | BinaryIO, sheets: list[Sheet], *, title: str, made_by: str, purpose: str, made_at: datetime
) -> int:
    """Write the workbook to an open file, or to a path: beside it first, then renamed. Answers the number of rows."""
    book = Workbook(write_only=True)
    book.properties.creator = safe_text(made_by)
    book.properties.title = safe_text(title)
    moment = timezone.localtime(made_at)
    book.properties.created = book.properties.modified = moment.replace(tzinfo=None)
    footer = _("Made by %(who)s at %(when)s for: %(purpose)s") % {
        "who": made_by, "when": f"{moment:%Y-%m-%d %H:%M}", "purpose": purpose,
    }  # fmt: skip
    count = 0
    beside = target.with_name(f"{target.name}.part") if isinstance(target, Path) else None
    try:
        for name, sheet in zip(sheet_titles(sheets), sheets, strict=True):
            heading = title if len(sheets) == 1 else f"{title} {sheet.title}"
            count += _write_sheet(book, name, sheet, heading, footer)
        book.save(beside or target)
        if beside:
            beside.replace(target)
    finally:
        for paper in book.worksheets:
            if not paper.closed:
                paper.close()
        if beside:
            beside.unlink(missing_ok=True)
    return count


def list_response(request: HttpRequest, filename: str, sheets: list[Sheet], purpose: str) -> FileResponse:
    """The workbook as a download; the export is written to the audit trail with its purpose."""
    title = filename.removesuffix(".xlsx")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        who = request.user.get_full_name() or request.user.get_username()
        count = write_book(path, sheets, title=title, made_by=who, purpose=purpose, made_at=clock.now())
        opened = path.open("rb")
    audit.exported(request.user, title, count, purpose)
    answer = FileResponse(opened, content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{title}.xlsx')}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
