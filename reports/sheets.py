"""The workbook of a report: the tables of its figures and every record that was counted, without clients."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from jinjiang_portal.workbook import Column, Sheet
from reports import blocks
from reports.cells import Table, written
from reports.paper import CHINESE
from reports.plan import shown
from stations.models import Unit

RECORD_COLUMNS = (
    ("日期", "date", 12, False),
    ("服务站", "text", 12, False),
    ("项目编号", "text", 10, False),
    ("服务内容", "text", 26, False),
    ("社工", "text", 10, False),
    ("村（社区）", "text", 14, False),
    ("服务方式", "text", 12, False),
    ("时长（分钟）", "int", 12, True),
    ("数量", "int", 8, True),
    ("见到本人", "int", 10, True),
    ("计走访次数", "int", 12, True),
)
# Columns of the tables that are written as numbers.
NUMBERS = {"int": "int", "money": "money", "hours": "int"}
WIDTH = {"text": 18, "int": 12, "money": 16, "percent": 10, "hours": 12, "date": 12}


def sheets(figures: dict[str, Any], rows: list[list[Any]]) -> list[Sheet]:
    """All sheets, in Chinese."""
    with override(CHINESE):
        cut = shown(figures, ("contract", "totals", "items", "stations", "months", "staffing", "vacancies", "money"))
        return [
            _summary(figures, cut),
            _sheet("服务事项", blocks.items(cut)[0]),
            _sheet("各站情况", blocks.stations(cut)[0]),
            _sheet("月度", blocks.months(cut)[0]),
            _targets(figures),
            _people(figures),
            _money(figures),
            _records(rows),
        ]


def _cell(place: int) -> Any:
    return lambda row: row[place]


def _columns(heads: list[tuple[str, str, int, bool]]) -> list[Column]:
    return [
        Column(title, _cell(place), width=width, kind=kind, total=total)
        for place, (title, kind, width, total) in enumerate(heads)
    ]


def _sheet(title: str, table: Table) -> Sheet:
    """A table as it stands in the report; its hours are written as minutes so that sums stay exact."""
    heads = []
    for place, head in enumerate(table.heads):
        summed = bool(table.total) and place > 0 and table.total[place] not in ("", None) and head.kind in NUMBERS
        name = "时长（分钟）" if head.kind == "hours" else head.title
        heads.append((name, NUMBERS.get(head.kind, "text"), WIDTH[head.kind], summed))
    return Sheet(title, _columns(heads), table.rows, note=table.note)


def _summary(figures: dict[str, Any], cut: dict[str, Any]) -> Sheet:
    totals, staff, money = figures["totals"], figures["staffing"]["total"], figures["money"]
    rows = [
        *([name, None, value] for name, value in blocks.contract(cut)[0].rows),
        ["服务记录", totals["records"], "条，已通过审核"],
        ["走访次数", totals["visits"], "次，见到本人"],
        ["服务人次", totals["person_times"], "人次"],
        ["服务人数", totals["people"], "人，不重复"],
        ["服务时长", totals["minutes"], "分钟"],
        ["应配人数", staff["required"], "人"],
        ["在岗人数", staff["posted"], "人"],
        ["持证人数", staff["certified"], "人"],
        ["持证率", None, written(figures["staffing"]["certified_rate"], "percent")],
        ["预算", None, f"{written(money['budget'], 'money')}元"],
        ["累计支出", None, f"{written(money['spent'], 'money')}元"],
        ["执行率", None, written(money["rate"], "percent")],
        *(
            [f"未计入：{name}", figures["logs"][state]["records"], f"条，日志{figures['logs'][state]['logs']}份"]
            for state, name in (("submitted", "待审核"), ("returned", "已退回"), ("draft", "草稿"))
        ),
    ]
    heads = [("内容", "text", 24, False), ("数量", "int", 14, False), ("说明", "text", 40, False)]
    return Sheet("汇总", _columns(heads), rows)


def _targets(figures: dict[str, Any]) -> Sheet:
    heads = [
        ("服务站", "text", 14, False), ("指标", "text", 24, False), ("单位", "text", 10, False),
        ("年度指标", "int", 12, False), ("已完成", "int", 12, False), ("完成率", "percent", 12, False),
    ]  # fmt: skip
    lines = [("合计", target) for target in figures["targets"]]
    lines += [(line["name"], target) for line in figures["stations"] for target in line["targets"]]
    rows = [
        [name, target["name_zh"], blocks.label(Unit, target["unit"]), target["target"], target["done"],
         target["percent"]]
        for name, target in lines
    ]  # fmt: skip
    return Sheet("目标完成", _columns(heads), rows)


def _people(figures: dict[str, Any]) -> Sheet:
    heads = [
        ("服务站", "text", 14, False), ("应配", "int", 8, True), ("在岗", "int", 8, True), ("持证", "int", 8, True),
        ("缺员", "int", 8, True), ("空岗次数", "int", 10, True), ("空岗天数", "int", 10, True),
        ("逾期次数", "int", 10, True), ("在岗人员", "text", 40, False),
    ]  # fmt: skip
    rows = []
    for row in figures["staffing"]["rows"]:
        gaps = [gap for gap in figures["vacancies"] if gap["station_id"] == row["station_id"]]
        rows.append(
            [
                row["station"], row["required"], row["posted"], row["certified"],
                max(row["required"] - row["posted"], 0), len(gaps), sum(gap["days_open"] for gap in gaps),
                sum(gap["overdue"] for gap in gaps), "、".join(person["name"] for person in row["people"]),
            ]
        )  # fmt: skip
    return Sheet("人员与空岗", _columns(heads), rows, note=f"截至{figures['as_of']}")


def _money(figures: dict[str, Any]) -> Sheet:
    heads = [
        ("类别", "text", 22, False), ("比例", "percent", 10, False), ("科目", "text", 24, False),
        ("预算（元）", "money", 16, True), ("支出（元）", "money", 16, True), ("结余（元）", "money", 16, True),
        ("执行率", "percent", 12, False),
    ]  # fmt: skip
    rows = [
        [share["name_zh"], share["percent"], subject["name_zh"], *_amounts(subject), subject["rate"]]
        for share in figures["money"]["shares"]
        for subject in share["subjects"]
    ]
    return Sheet("经费执行", _columns(heads), rows, note=f"已批准的支出凭证，截至{figures['as_of']}")


def _amounts(row: dict[str, Any]) -> list[Decimal]:
    return [Decimal(row[name]) for name in ("budget", "spent", "left")]


def _records(rows: list[list[Any]]) -> Sheet:
    note = "每行一条已通过审核的服务记录；不含服务对象姓名和证件号码。"
    dated = ([date.fromisoformat(row[0]), *row[1:]] for row in rows)
    return Sheet("记录明细", _columns(list(RECORD_COLUMNS)), dated, note=note)
