"""The sections of a work report as data: what each is called, which figures stand in it, what it should tell.

Order and content follow the reports the bureau asks for (D3.5, DOMAIN 8). The report itself is always Chinese, so its
headings are domain data and carry both names; what the contractor is asked for is written on the page of the section.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jinjiang_portal.money import yuan

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Section:
    """One section. `blocks` name the figures it shows, `required` whether a submission needs a text in it."""

    key: str
    name_zh: str
    name_en: str
    hint: Any
    blocks: tuple[str, ...] = ()
    required: bool = True

    @property
    def name(self) -> str:
        """The heading in the reader's language."""
        return self.name_en if get_language() == "en" else self.name_zh


OVERVIEW = Section(
    "overview",
    "项目基本情况",
    "The project",
    _("Background and aims of the contract, its stations, the period. Number and price stand in the table."),
    ("contract", "places"),
)
TEAM = Section(
    "team",
    "人员配备与队伍建设",
    "Staff and team",
    _("How posts were filled and vacancies closed, training and supervision, pay and insurance, examinations."),
    ("staffing", "vacancies"),
)
SERVICES = Section(
    "services",
    "服务开展情况",
    "Services",
    _("What was done in social assistance, elderly care, children, community governance and other services."),
    ("totals", "domains", "months", "items"),
)
TARGETS = Section(
    "targets",
    "指标完成情况",
    "Targets",
    _("Explain every target that is behind: the cause, what will be done, by when."),
    ("targets", "stations"),
)
CLIENTS = Section(
    "clients",
    "服务对象与典型案例",
    "People served and typical cases",
    _("Who was served, and one to three typical cases. Write no full names, numbers or addresses: 林某, 某村."),
    ("categories",),
)
FUNDS = Section(
    "funds",
    "经费使用情况",
    "Funds",
    _("How the four shares were spent, why one runs ahead or behind, income from other sources (or: none)."),
    ("money",),
)
PUBLICITY = Section(
    "publicity",
    "站点建设与宣传",
    "Premises and publicity",
    _("Premises and signs, rules on the wall, articles and media, resources that were linked."),
    (),
    required=False,
)
RESULTS = Section(
    "results",
    "服务成效与亮点",
    "Results and good practice",
    _("What changed for the people served, how satisfied they are (sample, method, score), what is worth copying."),
)
PROBLEMS = Section(
    "problems",
    "存在问题与困难",
    "Problems and difficulties",
    _("By station and by cause. Findings of inspections and what became of them."),
    ("behind",),
)
PLAN = Section(
    "plan",
    "下一步工作计划",
    "Plan",
    _("What will be done, by whom, by which day."),
)
CLOSING = Section(
    "plan",
    "整改落实与工作建议",
    "Corrections and advice",
    _("What became of the mid-term corrections, open cases and assets to hand over, advice to the bureau."),
)
FRAME = (OVERVIEW, TEAM, SERVICES, TARGETS, CLIENTS, FUNDS, PUBLICITY, RESULTS, PROBLEMS)
SECTIONS: dict[str, tuple[Section, ...]] = {"midterm": (*FRAME, PLAN), "final": (*FRAME, CLOSING)}


def sections_of(kind: str) -> tuple[Section, ...]:
    """The sections of a report kind in order."""
    return SECTIONS[kind]


def section_of(kind: str, key: str) -> Section | None:
    """The section with the key, or None."""
    return next((section for section in SECTIONS[kind] if section.key == key), None)


def heading(kind: str, key: str) -> str:
    """The numbered Chinese heading as printed: 三、服务开展情况."""
    keys = [section.key for section in SECTIONS[kind]]
    place = keys.index(key)
    return f"{NUMERALS[place]}、{SECTIONS[kind][place].name_zh}"


# Figures a text may quote as 【…】: they are written in when the report is made, so no text contradicts a table.
QUOTE = re.compile("【([^】\n]{1,12})】")


def quotable(figures: dict[str, Any]) -> dict[str, str]:
    """Every figure a text may quote, by its Chinese name."""
    totals, staff, money = figures["totals"], figures["staffing"], figures["money"]
    return {
        "服务记录": f"{totals['records']:,}",
        "服务人次": f"{totals['person_times']:,}",
        "走访次数": f"{totals['visits']:,}",
        "服务小时": f"{round(totals['minutes'] / 60):,}",
        "站点数": str(figures["contract"]["stations"]),
        "应配人数": str(staff["total"]["required"]),
        "在岗人数": str(staff["total"]["posted"]),
        "持证人数": str(staff["total"]["certified"]),
        "持证率": f"{staff['certified_rate']}%" if staff["certified_rate"] else "—",
        "合同金额": f"{yuan(figures['contract']['amount']):,}",
        "支出金额": f"{yuan(money['spent']):,}",
        "执行率": f"{money['rate']}%" if money["rate"] else "—",
    }


QUOTABLE = (
    "服务记录", "服务人次", "走访次数", "服务小时", "站点数", "应配人数", "在岗人数", "持证人数", "持证率", "合同金额",
    "支出金额", "执行率",
)  # fmt: skip


def unknown_quotes(text: str) -> list[str]:
    """Names in 【…】 that are no figure of a report."""
    return [name for name in QUOTE.findall(text) if name not in QUOTABLE]


def written_in(text: str, figures: dict[str, Any]) -> str:
    """The text with its quoted figures written in; what is no figure stays as it was typed."""
    values = quotable(figures)
    return QUOTE.sub(lambda match: values.get(match[1], match[0]), text)
