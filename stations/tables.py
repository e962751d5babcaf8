"""Tables and filters of the lists of this app."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinjiang_portal.templatetags.portal import day as show_day
from jinjiang_portal.templatetags.portal import state_tag, tag
from jinjiang_portal.templatetags.portal import yuan as show_yuan
from stations.models import Contract, ContractState, Station, TownshipKind

RIGHT = {"td": {"class": "r num"}, "th": {"class": "r"}}


class StationTable(tables.Table):
    name = tables.Column(verbose_name=_("Station"), accessor="name", order_by="township__code")
    kind = tables.Column(verbose_name=_("Kind"), accessor="township__kind")
    required = tables.Column(verbose_name=_("Staff required"), accessor="required", orderable=False, attrs=RIGHT)
    posted = tables.Column(verbose_name=_("In post"), accessor="posted", orderable=False, attrs=RIGHT)
    gap = tables.Column(verbose_name=_("Gap"), empty_values=(), orderable=False)
    contractor = tables.Column(verbose_name=_("Contractor"), empty_values=(), orderable=False)
    phone = tables.Column(verbose_name=_("Phone"), orderable=False)

    class Meta:
        model = Station
        fields = ["name", "kind", "required", "posted", "gap", "contractor", "phone"]
        order_by = "name"

    def render_name(self, record: Station) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("stations:station-detail", args=[record.pk]), record.name)

    def render_kind(self, record: Station) -> str:
        return record.township.get_kind_display()

    def render_gap(self, record: Any) -> SafeString:
        gap = record.required - record.posted
        if gap > 0:
            return tag("bad", gettext("%(count)s posts empty") % {"count": gap})
        return tag("ok", gettext("Complete")) if record.required else tag("grey", gettext("Not running"))

    def render_contractor(self, record: Any) -> str:
        return "、".join(lot.contract.contractor.name for lot in record.current_lots) or "—"


class StationFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), field_name="township__kind", choices=TownshipKind.choices, empty_label=_("All")
    )
    q = django_filters.CharFilter(label=_("Station name"), method="by_name")

    class Meta:
        model = Station
        fields = ["kind", "q"]

    def by_name(self, rows: QuerySet[Station], name: str, value: str) -> QuerySet[Station]:
        return rows.named(value)


class ContractTable(tables.Table):
    number = tables.Column(verbose_name=_("Contract number"))
    contractor = tables.Column(verbose_name=_("Contractor"), accessor="contractor__name")
    starts_on = tables.Column(verbose_name=_("From"))
    ends_on = tables.Column(verbose_name=_("Until"))
    stations = tables.Column(
        verbose_name=_("Stations"), accessor="station_count", order_by="station_count", attrs=RIGHT
    )
    amount = tables.Column(verbose_name=_("Amount, yuan"), attrs=RIGHT)
    state = tables.Column(verbose_name=_("State"))

    class Meta:
        model = Contract
        fields = ["number", "contractor", "starts_on", "ends_on", "stations", "amount", "state"]
        order_by = "number"

    def render_number(self, record: Contract) -> SafeString:
        return format_html(
            '<a class="num" href="{}">{}</a>', reverse("stations:contract-detail", args=[record.pk]), record.number
        )

    def render_starts_on(self, value: Any) -> str:
        return show_day(value)

    def render_ends_on(self, value: Any) -> str:
        return show_day(value)

    def render_amount(self, value: Any) -> str:
        return show_yuan(value)

    def render_state(self, record: Contract) -> SafeString:
        return state_tag(record.state, record.get_state_display())


class ContractFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=ContractState.choices, empty_label=_("All"))
    q = django_filters.CharFilter(label=_("Contractor"), field_name="contractor__name", lookup_expr="contains")

    class Meta:
        model = Contract
        fields = ["state", "q"]
