"""Tables and filters of the lists of this app."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from budget.models import Voucher, VoucherState
from jinjiang_portal.lists import DayFilter
from jinjiang_portal.templatetags.portal import day as show_day
from jinjiang_portal.templatetags.portal import state_tag
from jinjiang_portal.templatetags.portal import yuan as show_yuan
from stations.filters import contracts_of

RIGHT = {"td": {"class": "r num"}, "th": {"class": "r"}, "tf": {"class": "r num"}}


class VoucherTable(tables.Table):
    number = tables.Column(verbose_name=_("Voucher number"))
    day = tables.Column(verbose_name=_("Date"))
    subject = tables.Column(verbose_name=_("Subject"), accessor="line__subject", order_by="line__subject__code")
    purpose = tables.Column(verbose_name=_("Purpose"), orderable=False)
    station = tables.Column(verbose_name=_("Station"), accessor="station__short_name", default="—", orderable=False)
    amount = tables.Column(verbose_name=_("Amount, yuan"), attrs=RIGHT)
    state = tables.Column(verbose_name=_("State"))

    class Meta:
        model = Voucher
        fields = ["number", "day", "subject", "purpose", "station", "amount", "state"]
        order_by = "-number"

    def render_number(self, record: Voucher) -> SafeString:
        return format_html(
            '<a class="num" href="{}">{}</a>', reverse("budget:voucher-detail", args=[record.pk]), record
        )

    def render_day(self, value: Any) -> str:
        return show_day(value)

    def render_subject(self, record: Voucher) -> str:
        return f"{record.line.subject.code} {record.line.subject.name}"

    def render_amount(self, value: Any) -> str:
        return show_yuan(value)

    def render_state(self, record: Voucher) -> SafeString:
        return state_tag(record.state, record.get_state_display())


class VoucherFilter(django_filters.FilterSet):
    contract = django_filters.ModelChoiceFilter(label=_("Contract"), queryset=contracts_of, empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=VoucherState.choices, empty_label=_("All"))
    share = django_filters.CharFilter(label=_("Share or subject"), method="by_subject")
    starts = DayFilter(
        label=_("From"), field_name="day", lookup_expr="gte", widget=forms.DateInput(attrs={"type": "date"})
    )
    ends = DayFilter(
        label=_("Until"), field_name="day", lookup_expr="lte", widget=forms.DateInput(attrs={"type": "date"})
    )
    q = django_filters.CharFilter(label=_("Purpose, payee or invoice"), method="by_text")

    class Meta:
        model = Voucher
        fields = ["contract", "state", "share", "starts", "ends", "q"]

    def by_subject(self, rows: QuerySet[Voucher], name: str, value: str) -> QuerySet[Voucher]:
        return rows.filter(line__subject__code__istartswith=value.strip())

    def by_text(self, rows: QuerySet[Voucher], name: str, value: str) -> QuerySet[Voucher]:
        value = value.strip()
        return rows.filter(Q(purpose__contains=value) | Q(payee__contains=value) | Q(invoice_number__startswith=value))
