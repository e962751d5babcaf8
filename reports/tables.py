"""The list of reports: table and filter bar."""

import django_filters
import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import clock
from jinjiang_portal.templatetags.portal import state_tag, tag
from reports.models import Report, ReportKind, ReportState


class ReportTable(tables.Table):
    """One line a report: contract, period, state, when it is due."""

    contract = tables.Column(
        verbose_name=_("Contract"),
        accessor="contract__number",
        linkify=("reports:report-detail", {"pk": tables.A("pk")}),
    )
    contractor = tables.Column(verbose_name=_("Contractor"), accessor="contract__contractor__name")
    kind = tables.Column(verbose_name=_("Report"))
    period = tables.Column(verbose_name=_("Period"), empty_values=(), order_by="ends_on")
    due_on = tables.Column(verbose_name=_("Due"))
    state = tables.Column(verbose_name=_("State"))
    submitted_at = tables.DateTimeColumn(verbose_name=_("Submitted"), format="Y-m-d H:i")

    class Meta:
        model = Report
        fields = ["contract", "contractor", "kind", "period", "due_on", "state", "submitted_at"]
        order_by = ("due_on", "contract")

    def render_period(self, record: Report) -> str:
        return format_html("{} — {}", record.starts_on.isoformat(), record.ends_on.isoformat())

    def render_due_on(self, record: Report) -> str:
        if record.is_editable and record.due_on < clock.today():
            return format_html("{} {}", record.due_on.isoformat(), tag("bad", _t("late")))
        return record.due_on.isoformat()

    def render_state(self, record: Report) -> str:
        return state_tag(record.state, record.get_state_display())


class ReportFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Report"), choices=ReportKind.choices, empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=ReportState.choices, empty_label=_("All"))
    contractor = django_filters.CharFilter(
        label=_("Contractor"), field_name="contract__contractor__name", lookup_expr="icontains"
    )

    class Meta:
        model = Report
        fields = ["kind", "state", "contractor"]
