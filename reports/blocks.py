"""Figures as tables: one description for the page, the paper and the workbook, so that they cannot differ.

A block is asked for with the figures of `reports.figures` and answers tables in the reader's language.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casework.models import Category
from reports.cells import NOTHING, Head, Table, written
from staffing.models import CertificateLevel
from stations.models import Education, ServiceDomain, Unit


def named(row: dict[str, Any]) -> str:
    """The row's name in the reader's language."""
    return str(row["name_en"] if get_language() == "en" else row["name_zh"])


def label(choices: Any, value: str) -> str:
    """The label of a choice; a value that is none any more stands for itself."""
    return str(dict(choices.choices).get(value, value))


def plus(rows: Iterable[dict[str, Any]], name: str) -> int:
    return sum(row[name] for row in rows)


def contract(figures: dict[str, Any]) -> list[Table]:
    data = figures["contract"]
    rows = [
        [_("Contract number"), data["number"]],
        [_("Contractor"), data["contractor"]],
        [_("Contract price, yuan"), written(data["amount"], "money")],
        [_("Contract period"), _("%(from)s to %(until)s") % {"from": data["starts_on"], "until": data["ends_on"]}],
        [_("Stations"), written(data["stations"], "int")],
        [
            _("Reported period"),
            _("%(from)s to %(until)s") % dict(zip(("from", "until"), figures["period"], strict=True)),
        ],
        [_("Stocks as of"), figures["as_of"]],
    ]
    return [Table("contract", _("The contract"), [Head(_("Particulars")), Head(_("Content"))], rows)]


def places(figures: dict[str, Any]) -> list[Table]:
    rows = [
        [number, line["name"], line["records"], line["visits"], line["person_times"]]
        for number, line in enumerate(figures["places"], 1)
    ]
    heads = [Head(_("No."), "int"), Head(_("Town or subdistrict")), *_counts()[:3]]
    return [Table("places", _("Stations at a glance"), heads, rows)]


def _counts() -> list[Head]:
    return [
        Head(_("Service records"), "int"),
        Head(_("Visits"), "int"),
        Head(_("Person-times"), "int"),
        Head(_("Hours"), "hours"),
    ]


def staffing(figures: dict[str, Any]) -> list[Table]:
    data = figures["staffing"]
    heads = [
        Head(_("Station")),
        Head(_("Posts required"), "int"),
        Head(_("In post"), "int"),
        Head(_("Certified"), "int"),
        Head(_("Posts empty"), "int"),
    ]
    names = ("required", "posted", "certified")
    rows = [
        [row["station"], *(row[name] for name in names), max(row["required"] - row["posted"], 0)]
        for row in data["rows"]
    ]
    total = [_("Total"), *(data["total"][name] for name in names), sum(row[-1] for row in rows)]
    note = _("As of %(day)s. Certified rate %(rate)s%%, target %(target)s%%.") % {
        "day": data["on"],
        "rate": data["certified_rate"] or NOTHING,
        "target": data["certified_target"],
    }
    return [Table("staffing", _("Posts and people"), heads, rows, total, note, url_name="staffing:staff-list")]


def vacancies(figures: dict[str, Any]) -> list[Table]:
    heads = [
        Head(_("Station")),
        Head(_("Last day in post"), "date"),
        Head(_("To be filled by"), "date"),
        Head(_("Filled on"), "date"),
        Head(_("Days empty"), "int"),
        Head(_("Overdue")),
    ]
    rows = [
        [
            row["station"],
            row["last_day"],
            row["due_on"],
            row["filled_on"],
            row["days_open"],
            _("Yes") if row["overdue"] else _("No"),
        ]
        for row in figures["vacancies"]
    ]
    return [Table("vacancies", _("Vacancies and refilling"), heads, rows, url_name="staffing:vacancy-list")]


def totals(figures: dict[str, Any]) -> list[Table]:
    data = figures["totals"]
    rows = [
        [_("Service records (approved)"), written(data["records"], "int")],
        [_("Visits made"), written(data["visits"], "int")],
        [_("Person-times served"), written(data["person_times"], "int")],
        [_("Distinct people served"), written(data["people"], "int")],
        [_("Hours of service"), written(data["minutes"], "hours")],
    ]
    return [Table("totals", _("Services in all"), [Head(_("Figure")), Head(_("Value"))], rows)]


def domains(figures: dict[str, Any]) -> list[Table]:
    rows = [
        [label(ServiceDomain, row["domain"]), row["records"], row["person_times"], row["minutes"]]
        for row in figures["domains"]
    ]
    counts = _counts()
    total = [_("Total"), *(plus(figures["domains"], name) for name in ("records", "person_times", "minutes"))]
    bars = [(row[0], row[1]) for row in rows]
    heads = [Head(_("Domain")), counts[0], counts[2], counts[3]]
    return [
        Table(
            "domains",
            _("Services by domain"),
            heads,
            rows,
            total,
            bars=bars,
            bar_unit=_("records"),
            url_name="casework:record-list",
            queries=[f"domain={row['domain']}" for row in figures["domains"]],
        )
    ]


def months(figures: dict[str, Any]) -> list[Table]:
    names = ServiceDomain.values
    rows = [
        [row["month"], *(row[name] for name in names), sum(row[name] for name in names)] for row in figures["months"]
    ]
    sums = [plus(figures["months"], name) for name in names]
    heads = [
        Head(_("Month"), "date"),
        *(Head(label(ServiceDomain, name), "int") for name in names),
        Head(_("Total"), "int"),
    ]
    bars = [(row[0], row[-1]) for row in rows]
    return [
        Table(
            "months", _("Service records by month"), heads, rows, [_("Total"), *sums, sum(sums)], bars=bars,
            bar_unit=_("records"), url_name="casework:record-list",
        )
    ]  # fmt: skip


def items(figures: dict[str, Any]) -> list[Table]:
    return [item_table(figures["items"])]


def item_table(lines: list[dict[str, Any]]) -> Table:
    """Services by catalogue item; quantities of different units are not added up."""
    counts = _counts()
    heads = [
        Head(_("Code")), Head(_("Service item")), Head(_("Unit")), Head(_("Quantity"), "int"), counts[0], counts[2],
        counts[3],
    ]  # fmt: skip
    rows = [
        [
            row["code"],
            named(row),
            label(Unit, row["unit"]),
            row["quantity"],
            row["records"],
            row["person_times"],
            row["minutes"],
        ]
        for row in lines
    ]
    total = ["", _("Total"), "", "", *(plus(lines, name) for name in ("records", "person_times", "minutes"))]
    return Table(
        "items", _("Services by item"), heads, rows, total, url_name="casework:record-list",
        queries=[f"item={row['code']}" for row in lines],
    )  # fmt: skip


def targets(figures: dict[str, Any]) -> list[Table]:
    return [target_table(figures["targets"])]


def target_table(lines: list[dict[str, Any]]) -> Table:
    heads = [
        Head(_("Target")), Head(_("Unit")), Head(_("Promised for the year"), "int"), Head(_("Delivered"), "int"),
        Head(_("Completed"), "percent"),
    ]  # fmt: skip
    rows = [[named(row), label(Unit, row["unit"]), row["target"], row["done"], row["percent"]] for row in lines]
    return Table("targets", _("Targets"), heads, rows)


def stations(figures: dict[str, Any]) -> list[Table]:
    names = ("records", "visits", "person_times", "minutes")
    rows = [[line["name"], *(line[name] for name in names)] for line in figures["places"]]
    total = [_("Total"), *(plus(figures["places"], name) for name in names)]
    bars = [(line["short_name"], line["records"]) for line in figures["places"]]
    heads = [Head(_("Town or subdistrict")), *_counts()]
    return [
        Table(
            "stations",
            _("Services by station"),
            heads,
            rows,
            total,
            bars=bars,
            bar_unit=_("records"),
            url_name="casework:record-list",
            queries=[f"station={line['id']}" for line in figures["places"]],
        )
    ]


def categories(figures: dict[str, Any]) -> list[Table]:
    rows = [
        [label(Category, row["category"]), row["people"], row["person_times"]]
        for row in figures["categories"]
        if row["category"]
    ]
    heads = [Head(_("Category")), Head(_("Distinct people"), "int"), Head(_("Person-times"), "int")]
    note = _("A person of several categories stands in each of them, so the lines add up to more than %(people)s.") % {
        "people": written(figures["totals"]["people"], "int")
    }
    return [Table("categories", _("Who was served"), heads, rows, note=note, url_name="casework:client-list")]


def money(figures: dict[str, Any]) -> list[Table]:
    data = figures["money"]
    heads = [
        Head(_("Share and subject")), Head(_("Agreed share"), "percent"), Head(_("Budget"), "money"),
        Head(_("Spent"), "money"), Head(_("Balance"), "money"), Head(_("Executed"), "percent"),
    ]  # fmt: skip
    rows = []
    for share in data["shares"]:
        rows.append([named(share), share["percent"], *(share[name] for name in ("budget", "spent", "left", "rate"))])
        rows += [
            [f"\u3000{named(subject)}", "", *(subject[name] for name in ("budget", "spent", "left", "rate"))]
            for subject in share["subjects"]
        ]
    total = [_("Total"), "", data["budget"], data["spent"], data["left"], data["rate"]]
    bars = [(named(share), Decimal(share["rate"] or 0)) for share in data["shares"]]
    note = _("Yuan. Approved vouchers up to %(day)s.") % {"day": figures["as_of"]}
    return [
        Table(
            "money", _("Budget and spending"), heads, rows, total, note, bars=bars, bar_unit="%",
            url_name="budget:voucher-list",
        )
    ]  # fmt: skip


def behind(figures: dict[str, Any]) -> list[Table]:
    """What the figures themselves call a problem: posts empty, vacancies filled late."""
    late = [row for row in figures["vacancies"] if row["overdue"]]
    rows = [
        [
            _("Posts empty"),
            str(max(figures["staffing"]["total"]["required"] - figures["staffing"]["total"]["posted"], 0)),
        ],
        [_("Vacancies filled late or overdue"), str(len(late))],
        [_("Targets below half"), str(sum(Decimal(row["percent"] or 0) < 50 for row in figures["targets"]))],
    ]
    return [Table("behind", _("What the figures point out"), [Head(_("Matter")), Head(_("Value"))], rows)]


def people_table(rows: list[dict[str, Any]]) -> Table:
    """The people of a station with education and highest certificate."""
    heads = [Head(_("Name")), Head(_("Education")), Head(_("Certificate")), Head(_("In post since"), "date")]
    lines = [
        [
            row["name"],
            label(Education, row["education"]),
            label(CertificateLevel, row["level"]) if row["level"] else None,
            row["since"],
        ]
        for row in rows
    ]
    return Table("people", _("People in post"), heads, lines)


BLOCKS: dict[str, Callable[[dict[str, Any]], list[Table]]] = {
    "contract": contract, "places": places, "staffing": staffing, "vacancies": vacancies, "totals": totals,
    "domains": domains, "months": months, "items": items, "targets": targets, "stations": stations,
    "categories": categories, "money": money, "behind": behind,
}  # fmt: skip


def tables(shown: dict[str, Any], blocks: Iterable[str]) -> list[Table]:
    """The tables of some blocks; `shown` are the figures as `plan.shown` cuts them out."""
    return [table for block in blocks for table in BLOCKS[block](shown)]
