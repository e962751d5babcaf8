"""The report on paper: HTML of its sections, of a station's page and of the whole (GB/T 9704 typography).

The report is always Chinese, whatever the language of the person who asked for it.
"""

import re
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override

from reports.blocks import item_table, people_table, tables, target_table, vacancies
from reports.cells import Table
from reports.drawings import drawn
from reports.models import Report, ReportKind, ReportState
from reports.plan import shown, station_inputs
from reports.sections import heading, section_of

CHINESE = "zh-hans"
SUBHEADING = re.compile(r"^（[一二三四五六七八九十]+）")
NUMBERED = re.compile(r"^(\d{1,2}[.．]|（\d{1,2}）)")


def style() -> str:
    """The style sheet of the paper."""
    return (settings.BASE_DIR / "templates" / "paper" / "report.css").read_text(encoding="utf-8")


def chinese_day(day: date) -> str:
    """2024年7月5日, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def lines_of(text: str) -> list[dict[str, str]]:
    """The text's lines with what each is: a sub-heading （一）, a numbered point, or a paragraph."""
    answer = []
    for line in (line.strip() for line in text.splitlines()):
        if not line:
            continue
        kind = "sub" if SUBHEADING.match(line) else "point" if NUMBERED.match(line) else "par"
        answer.append({"kind": kind, "text": line})
    return answer


def section_html(told: dict[str, Any], figures: dict[str, Any]) -> str:
    """A section: heading, text, tables. `told` names report kind, key and the text with its figures written in."""
    section = section_of(told["kind"], told["key"])
    if section is None:
        raise LookupError(told["key"])
    with override(CHINESE):
        drawings = [drawn(table) for table in tables(shown(figures, section.blocks), section.blocks)]
        context = {
            "key": section.key,
            "heading": heading(told["kind"], section.key),
            "lines": lines_of(told["text"]),
            "drawings": drawings,
            "empty_text": section.required and not told["text"],
        }
        return render_to_string("paper/section.html", context)


def station_html(figures: dict[str, Any], station: int) -> str:
    """The page of one station: people, services by item, months, targets, vacancies."""
    data = station_inputs(figures, station)
    line, staff = data["line"], data["staff"]
    with override(CHINESE):
        context = {
            "line": line,
            "staff": staff,
            "period": [chinese_day(date.fromisoformat(day)) for day in data["period"]],
            "as_of": chinese_day(date.fromisoformat(data["as_of"])),
            "months": [(f"{int(month[5:])}月", count) for month, count in line["months"].items()],
            "tables": _station_tables(data),
        }
        return render_to_string("paper/station.html", context)


def _station_tables(data: dict[str, Any]) -> list[Table]:
    line, staff = data["line"], data["staff"]
    answer = [people_table(staff["people"])] if staff else []
    if data["vacancies"]:
        answer += vacancies(data)
    if line["targets"]:
        answer.append(target_table(line["targets"]))
    return [*answer, item_table(line["items"])]


def body_html(report: Report, figures: dict[str, Any], digest: str, sections: list[str]) -> str:
    """Cover, sections and the closing page of the report; `sections` are finished pieces of HTML."""
    contract = report.contract
    with override(CHINESE):
        context = {
            "title": title_of(report),
            "report": report,
            "contract": contract,
            "period": [chinese_day(report.starts_on), chinese_day(report.ends_on)],
            "as_of": chinese_day(date.fromisoformat(figures["as_of"])),
            "frozen_at": report.figures_at if report.state != ReportState.DRAFT else None,
            "draft": report.is_editable,
            "digest": digest,
            "logs": figures["logs"],
            "sections": [mark_safe(section) for section in sections],
        }
        return render_to_string("paper/body.html", context)


def title_of(report: Report) -> list[str]:
    """The title in lines broken by sense."""
    programme = report.contract.programme
    name = "中期工作报告" if report.kind == ReportKind.MIDTERM else "终期工作报告"
    return [f"晋江市{programme.year}年度镇（街道）", "民政服务站购买服务项目", name]
