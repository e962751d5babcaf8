"""Charts: exact tables behind them, no style attribute, text that fits and never overlaps, whatever the numbers."""

import re
from decimal import Decimal
from itertools import combinations
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from jinjiang_portal import charts, pdf
from jinjiang_portal.charts.shapes import fitted, text_width

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [f"{month}月" for month in range(1, 13)]


def boxes(chart):
    """Left, top, right, bottom of every text of a drawing."""
    found = []
    for text in ElementTree.fromstring(str(chart)).iter(f"{SVG}text"):
        x, y, size = (float(text.get(name)) for name in ("x", "y", "font-size"))
        width = text_width(text.text or "", size)
        left = {"start": x, "middle": x - width / 2, "end": x - width}[text.get("text-anchor")]
        found.append((left, y - size * 0.8, left + width, y + size * 0.1))
    return found


def check(chart):
    """What holds for every drawing."""
    root = ElementTree.fromstring(str(chart))
    assert root.find(f"{SVG}title").text == (chart.title or None)
    assert root.find(f"{SVG}desc").text
    assert "style=" not in re.sub(r">[^<]*<|\"[^\"]*\"", "", str(chart))
    assert "nan" not in str(chart).partition("</desc>")[2].lower()
    wide = float(root.get("width"))
    for left, _top, right, _bottom in boxes(chart):
        assert left >= -0.5
        assert right <= wide + 0.5
    for one, two in combinations(boxes(chart), 2):
        apart = one[2] <= two[0] + 0.2 or two[2] <= one[0] + 0.2 or one[3] <= two[1] + 0.2 or two[3] <= one[1] + 0.2
        assert apart, (one, two)
    assert all(len(row) == len(chart.heads) for row in chart.rows)


LABELS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=30) | st.sampled_from(
    ["青阳街道", "晋江经济开发区（五里园）民政服务站"]
)
NUMBERS = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.integers(0, 500),
    st.floats(allow_nan=True, allow_infinity=True),
    st.decimals(-(10**9), 10**9, places=2, allow_nan=False),
)
UNITS = st.sampled_from(["", "人次", "元"])


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(LABELS, NUMBERS), max_size=12), unit=UNITS, language=st.sampled_from(["en", "zh-hans"]))
def test_bars_hold_for_any_numbers(rows, unit, language):
    with override(language):
        check(charts.bars(rows, "各镇服务人次", unit))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(LABELS, st.lists(NUMBERS, min_size=3, max_size=3)), max_size=6), unit=UNITS)
def test_stacked_bars_hold_for_any_numbers(rows, unit):
    check(charts.stacked(rows, ["人员成本", "服务活动", "督导培训与骨干培养及志愿者管理支出"], "支出结构", unit))


@settings(max_examples=60, deadline=None)
@given(
    series=st.lists(st.tuples(LABELS, st.lists(NUMBERS, max_size=14)), max_size=8),
    labels=st.lists(LABELS, max_size=14),
    unit=UNITS,
)
def test_lines_hold_for_any_numbers(series, labels, unit):
    check(charts.lines(series, labels, "各月服务", unit))


@settings(max_examples=60, deadline=None)
@given(
    cells=st.lists(
        st.tuples(LABELS, st.none() | st.integers(-2, 9), st.none() | st.integers(-2, 9), NUMBERS, st.just("")),
        max_size=22,
    ),
    unit=UNITS,
)
def test_tiles_hold_for_any_numbers_and_places(cells, unit):
    check(charts.tiles(cells, "各站服务量", unit))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(LABELS, st.lists(NUMBERS, max_size=14)), max_size=6), columns=st.lists(LABELS, max_size=13)
)
def test_heat_holds_for_any_numbers(rows, columns):
    check(charts.heat(rows, columns, "各站各月记录", "条"))


def lengths(chart):
    return [float(box.get("width")) for box in ElementTree.fromstring(str(chart)).iter(f"{SVG}rect")]


def test_bars_are_as_long_as_their_values():
    first, second = lengths(charts.bars([("陈埭", 300), ("池店", 0), ("安海", 150), ("内坑", None)], "走访"))
    assert first == pytest.approx(second * 2, abs=0.2)


def test_a_negative_bar_ends_where_a_positive_one_begins():
    root = ElementTree.fromstring(str(charts.bars([("增", 10), ("减", -20)], "增减")))
    up, down = ((float(box.get("x")), float(box.get("width"))) for box in root.iter(f"{SVG}rect"))
    assert down[0] + down[1] == pytest.approx(up[0], abs=0.2)
    assert down[1] == pytest.approx(up[1] * 2, abs=0.2)


def test_the_table_keeps_exact_values_where_the_drawing_shortens():
    with override("zh-hans"):
        chart = charts.bars([("合计", Decimal("987654321.05")), ("无", None)], "支出", "元")
    assert chart.rows == [["合计", "987,654,321.05"], ["无", "—"]]
    assert ">9.9亿<" in str(chart)


def test_totals_of_stacked_bars_add_decimals_and_floats_exactly():
    chart = charts.stacked([("实际", [Decimal("76.30"), 8.9, None])], ["人员", "活动", "培训"], "结构")
    assert chart.rows == [["实际", "76.30", "8.90", "—", "85.20"]]


def test_lines_have_a_gap_where_a_month_is_missing():
    chart = charts.lines([("走访", [1, 2, None, 4, 5])], MONTHS[:5], "各月走访")
    path = ElementTree.fromstring(str(chart)).find(f"{SVG}path").get("d")
    assert path.count("M") == 2
    assert chart.rows[2] == ["3月", "—"]


def test_more_series_than_colours_are_refused():
    with pytest.raises(ValueError, match="at most 8"):
        charts.lines([(str(number), [1]) for number in range(9)], ["1月"], "x")
    with pytest.raises(ValueError, match="at most 8"):
        charts.stacked([("x", [1] * 9)], list("123456789"), "x")


def test_tiles_link_to_this_site_alone():
    addresses = ["/stations/1/", "javascript:alert(1)", "//evil.example/", "/\\evil.example", "https://evil.example/"]
    chart = charts.tiles([(str(n), 1, n + 1, n, url) for n, url in enumerate(addresses)], "各站")
    assert [link.get("href") for link in ElementTree.fromstring(str(chart)).iter(f"{SVG}a")] == ["/stations/1/"]
    assert 'role="group"' in str(chart)


def test_tiles_without_a_place_or_on_a_taken_one_stand_below():
    chart = charts.tiles([("甲", 1, 1, 1, ""), ("乙", 1, 1, 2, ""), ("丙", None, None, 3, "")], "各站")
    tops = [float(box.get("y")) for box in ElementTree.fromstring(str(chart)).iter(f"{SVG}rect")]
    assert tops[0] < tops[1] == tops[2]


def test_labels_are_escaped():
    hostile = '<script>alert("1")</script>&'
    for chart in (
        charts.bars([(hostile, 1)], hostile, hostile),
        charts.stacked([(hostile, [1])], [hostile], hostile, hostile),
        charts.lines([(hostile, [1])], [hostile], hostile, hostile),
        charts.tiles([(hostile, 1, 1, 1, f'/"onclick="{hostile}')], hostile, hostile),
        charts.heat([(hostile, [1])], [hostile], hostile, hostile),
    ):
        assert "<script" not in render_to_string("components/chart.html", {"chart": chart})
        check(chart)


@pytest.mark.parametrize(
    "chart",
    [lambda: charts.bars([], "x"), lambda: charts.lines([], [], "x"), lambda: charts.heat([], [], "x")],
)
def test_nothing_to_draw_says_so(chart):
    with override("en"):
        assert "No data for this period." in str(chart())


def test_the_component_shows_finding_drawing_and_table():
    chart = charts.bars([("陈埭", 1234)], "各镇走访", "次")
    page = render_to_string("components/chart.html", {"chart": chart, "finding": "陈埭走访最多"})
    assert "<figcaption>陈埭走访最多</figcaption>" in page
    assert '<td class="r">1,234</td>' in page
    assert "<svg" in page


def test_a_cut_label_fits_its_room():
    assert fitted("陈埭", 14, 100) == "陈埭"
    assert text_width(fitted("晋江经济开发区民政服务站", 14, 100), 14) <= 100
    assert fitted("陈埭", 14, 5) == ""


def test_drawings_are_the_same_on_paper():
    chart = charts.lines([("走访", range(12)), ("活动", range(5, 17))], MONTHS, "各月服务", "次")
    content = pdf.render(f"<figure>{chart}</figure><p>以上为各月服务</p>", "@page { size: A4 }")
    assert pdf.page_count(content) == 1
