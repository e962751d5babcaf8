"""Workbooks hold what was there, computed by nobody, and say who made them (SECURITY 8, 9, 17)."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest
from auditlog import get_logentry_model
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from jinjiang_portal.workbook import (
    CONTENT_TYPE,
    Column,
    Sheet,
    is_formula_like,
    list_response,
    sheet_titles,
    write_book,
)
from tests.factories import UserFactory

NOON = datetime(2024, 6, 28, 4, 0, tzinfo=UTC)


def written(folder: Path, sheets: list[Sheet]):
    path = folder / "book.xlsx"
    write_book(path, sheets, title="服务记录", made_by="黄丽萍", purpose="季度核对", made_at=NOON)
    assert [file.name for file in folder.iterdir()] == ["book.xlsx"]
    return load_workbook(path)


COLUMNS = [
    Column("日期", "day", kind="date"),
    Column("姓名", "who.name"),
    Column("金额", "amount", kind="money", total=True),
    Column("次数", lambda row: row["count"], kind="int", total=True),
]


def test_types_totals_and_who_made_it(tmp_path):
    rows = [
        {"day": date(2024, 6, 3), "who": {"name": "王某"}, "amount": Decimal("0.10"), "count": 1},
        {"day": date(2024, 6, 4), "who": None, "amount": Decimal("0.20"), "count": 2},
    ]
    sheet = written(tmp_path, [Sheet("六月", COLUMNS, rows, note="只含已审核记录")])["六月"]
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values[0][0] == "服务记录"
    assert values[1] == ["日期", "姓名", "金额", "次数"]
    assert values[2] == [datetime(2024, 6, 3), "王某", 0.1, 1]
    assert values[4][2:] == [pytest.approx(0.3), 3]
    assert values[5][0] == "只含已审核记录"
    assert "黄丽萍" in values[6][0]
    assert "2024-06-28 12:00" in values[6][0]
    assert "季度核对" in values[6][0]
    assert sheet.freeze_panes == "A3"
    assert [str(place) for place in sheet.merged_cells.ranges] == ["A1:D1"]
    assert sheet.print_title_rows == "$2:$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.auto_filter.ref == "A2:D4"
    assert [cell.number_format for cell in sheet[3]] == ["yyyy-mm-dd", "General", "#,##0.00", "#,##0"]
    assert [cell.number_format for cell in sheet[5]][2:] == ["#,##0.00", "#,##0"]
    assert sheet["A2"].font.bold
    assert not sheet["A3"].font.bold


def test_money_is_written_to_the_last_cent(tmp_path):
    amounts = [Decimal("9999999999.99"), Decimal("0.01"), Decimal("-5.30")]
    columns = [Column("项目", "n"), Column("金额", "a", kind="money", total=True)]
    written(tmp_path, [Sheet("s", columns, [{"n": "x", "a": amount} for amount in amounts])])
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book:
        cells = re.findall(r'<c [^>]*t="n"[^>]*><v>([^<]*)</v>', book.read("xl/worksheets/sheet1.xml").decode())
    assert [Decimal(cell) for cell in cells] == [*amounts, sum(amounts)]


def test_characters_no_workbook_can_hold_are_left_out_and_long_texts_cut(tmp_path):
    rows = [{"text": "走\x00访\x0b\uffff"}, {"text": "长" * 40_000}]
    sheet = written(tmp_path, [Sheet("s", [Column("内容", "text")], rows)])["s"]
    assert sheet["A3"].value == "走访"
    assert len(sheet["A4"].value) == 32_000
    assert sheet["A4"].value.endswith("长…")


def test_a_list_is_downloaded_under_its_chinese_name_and_the_export_recorded(db, rf):
    request = rf.get("/")
    request.user = UserFactory()
    rows = [{"text": "甲"}, {"text": "乙"}]
    answer = list_response(request, "服务记录.xlsx", [Sheet("记录", [Column("内容", "text")], rows)], "季度核对")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book["记录"]["A3"].value == "甲"
    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote('服务记录.xlsx')}"
    assert answer["Content-Type"] == CONTENT_TYPE
    entry = get_logentry_model().objects.filter(actor=request.user, additional_data__kind="export").get()
    assert entry.additional_data == {"kind": "export", "what": "服务记录", "count": 2, "purpose": "季度核对"}
    answer.file_to_stream.close()


hostile = st.one_of(
    st.text(max_size=60),
    st.builds(
        lambda lead, mark, rest: lead + mark + rest,
        st.sampled_from(["", " ", "\u3000", "\n"]), st.sampled_from(list("=+-@\t\r＝＋－＠")), st.text(max_size=40),
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(hostile, min_size=1, max_size=5))
def test_no_cell_is_ever_a_formula_and_text_comes_back(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("book")
    book = written(folder, [Sheet("文本", [Column("内容", "text")], [{"text": text} for text in texts])])
    cells = [row[0] for row in book["文本"].iter_rows(min_row=3, max_row=2 + len(texts))]
    for cell, text in zip(cells, texts, strict=True):
        assert cell.data_type != "f"
        clean = ILLEGAL_CHARACTERS_RE.sub("", text).replace("\ufffe", "").replace("\uffff", "")
        assert (cell.value or "").replace("_x000D_", "\r").replace("\r\n", "\n").replace("\r", "\n") == clean.replace(
            "\r\n", "\n"
        ).replace("\r", "\n")
        if is_formula_like(clean):
            assert cell.quotePrefix


def test_sheet_titles_are_accepted_and_each_once():
    sheets = [Sheet(title, [], []) for title in ("a/b", "a/b", "x" * 40, "x" * 40, "", "'q'")]
    titles = list(sheet_titles(sheets))
    assert len(set(titles)) == len(titles)
    assert all(0 < len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)


def test_a_writer_that_fails_leaves_nothing_behind(tmp_path):
    def rows():
        yield {"text": "a"}
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        written(tmp_path, [Sheet("s", [Column("内容", "text")], rows())])
    assert list(tmp_path.iterdir()) == []
