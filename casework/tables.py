"""Tables and filters of the lists of this app."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.models import Category, Client, RiskLevel, ServiceRecord
from jinjiang_portal import access, clock, identity
from jinjiang_portal.lists import DayFilter
from jinjiang_portal.templatetags.portal import day as show_day
from jinjiang_portal.templatetags.portal import domain_mark, state_tag, tag
from jinjiang_portal.templatetags.portal import minutes as show_minutes
from staffing.models import LogState, Staff
from stations.filters import contracts_of, stations_of
from stations.models import ServiceDomain, ServiceItem, Station, Village

RIGHT = {"td": {"class": "r num"}, "th": {"class": "r"}}
RISK_TONES = {"green": "ok", "yellow": "wait", "red": "bad"}


class ClientTable(tables.Table):
    name = tables.Column(verbose_name=_("Name"), order_by="pinyin")
    id_number = tables.Column(verbose_name=_("ID number"), orderable=False, attrs={"td": {"class": "num nowrap"}})
    age = tables.Column(verbose_name=_("Age"), accessor="birth_date", order_by="-birth_date", attrs=RIGHT)
    village = tables.Column(verbose_name=_("Village"), accessor="village__short_name", order_by="village__code")
    categories = tables.Column(verbose_name=_("Categories"), accessor="current_categories", orderable=False)
    risk = tables.Column(verbose_name=_("Risk"))
    last_visit = tables.Column(verbose_name=_("Last visit"), empty_values=())

    class Meta:
        model = Client
        fields = ["name", "id_number", "age", "village", "categories", "risk", "last_visit"]
        order_by = "name"

    def __init__(self, *args: Any, names_shown: bool = True, **kwargs: Any) -> None:
        self.names_shown = names_shown
        super().__init__(*args, **kwargs)

    def render_name(self, record: Client) -> SafeString:
        name = record.name if self.names_shown else identity.mask_name(record.name)
        link = format_html('<a href="{}">{}</a>', reverse("casework:client-detail", args=[record.pk]), name)
        if record.archived_on:
            return format_html("{} {}", link, tag("grey", gettext("Closed")))
        return link if record.consent_on else format_html("{} {}", link, tag("wait", gettext("No consent yet")))

    def render_id_number(self, value: str) -> str:
        return identity.mask_id(value)

    def render_age(self, value: Any) -> str:
        return str(identity.age_on(value, clock.today()))

    def render_categories(self, value: Any) -> str:
        return gettext(", ").join(str(row.get_category_display()) for row in value) or "—"

    def render_risk(self, record: Client) -> SafeString:
        return tag(RISK_TONES[record.risk], record.get_risk_display())

    def render_last_visit(self, record: Any) -> str:
        return show_day(record.last_visit)


def villages_of(request: Any) -> QuerySet[Village]:
    if request is None:
        return Village.objects.none()
    stations = Station.objects.visible_to(request.user)
    return Village.objects.filter(township__station__in=stations)


class ClientFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name, pinyin initials, last 4 of ID or phone, village"), method="by_text")
    category = django_filters.ChoiceFilter(
        label=_("Category"), choices=Category.choices, method="by_category", empty_label=_("All")
    )
    risk = django_filters.ChoiceFilter(label=_("Risk"), choices=RiskLevel.choices, empty_label=_("All"))
    village = django_filters.ModelChoiceFilter(label=_("Village"), queryset=villages_of, empty_label=_("All"))
    consent = django_filters.BooleanFilter(
        label=_("Only without consent"), method="without_consent", widget=forms.CheckboxInput
    )
    closed = django_filters.BooleanFilter(label=_("Closed files too"), method="with_closed", widget=forms.CheckboxInput)

    class Meta:
        model = Client
        fields = ["q", "category", "risk", "village", "consent", "closed"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # The package filters nothing when nothing was asked: closed files would be listed then.
        super().__init__(QueryDict() if data is None else data, *args, **kwargs)

    def filter_queryset(self, queryset: QuerySet[Client]) -> QuerySet[Client]:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("closed") else rows.filter(archived_on=None)

    def by_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value, by_name=access.may(self.request.user, "client.name"))

    def by_category(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(categories__category=value, categories__ends_on=None)

    def without_consent(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(consent_on=None) if value else rows

    def with_closed(self, rows: Any, name: str, value: bool) -> Any:
        return rows


class RecordTable(tables.Table):
    day = tables.Column(verbose_name=_("Day"))
    item = tables.Column(verbose_name=_("Service item"), order_by="item__order")
    station = tables.Column(
        verbose_name=_("Station"), accessor="station__short_name", order_by="station__township__code"
    )
    staff = tables.Column(verbose_name=_("Worker"), accessor="log__staff__name", order_by="log__staff__pinyin")
    clients = tables.Column(verbose_name=_("Served"), accessor="pk", orderable=False)
    minutes = tables.Column(verbose_name=_("Length"), attrs=RIGHT)
    quantity = tables.Column(verbose_name=_("Quantity"), attrs=RIGHT)
    state = tables.Column(verbose_name=_("State"), accessor="log__state")

    class Meta:
        model = ServiceRecord
        fields = ["day", "item", "station", "staff", "clients", "minutes", "quantity", "state"]
        order_by = "-day"

    def __init__(self, *args: Any, names_shown: bool = True, **kwargs: Any) -> None:
        self.names_shown = names_shown
        super().__init__(*args, **kwargs)

    def render_day(self, record: ServiceRecord) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("casework:record-detail", args=[record.pk]), show_day(record.day)
        )

    def render_item(self, record: ServiceRecord) -> SafeString:
        return format_html("{} {} {}", domain_mark(record.item.domain), record.item.code, record.item.name)

    def render_clients(self, record: ServiceRecord) -> SafeString:
        names = [
            client.name if self.names_shown else identity.mask_name(client.name) for client in record.clients.all()
        ]
        if record.others_served:
            names.append(gettext("%(count)s not on file") % {"count": record.others_served})
        return format_html_join(gettext(", "), "{}", ((name,) for name in names))

    def render_minutes(self, value: int) -> str:
        return show_minutes(value)

    def render_quantity(self, record: ServiceRecord) -> str:
        return f"{record.quantity} {record.item.get_unit_display()}"

    def render_state(self, record: ServiceRecord) -> SafeString:
        return state_tag(record.log.state, record.log.get_state_display())


class RecordFilter(django_filters.FilterSet):
    item = django_filters.ChoiceFilter(label=_("Service item"), method="by_code", empty_label=_("All"))
    domain = django_filters.ChoiceFilter(
        label=_("Domain"), field_name="item__domain", choices=ServiceDomain.choices, empty_label=_("All")
    )
    station = django_filters.ModelChoiceFilter(label=_("Station"), queryset=stations_of, empty_label=_("All"))
    worker = django_filters.CharFilter(label=_("Worker"), method="by_worker")
    contract = django_filters.ModelChoiceFilter(
        label=_("Contract"), field_name="log__contract", queryset=contracts_of, empty_label=_("All")
    )
    client = django_filters.UUIDFilter(field_name="served__client", widget=forms.HiddenInput)
    state = django_filters.ChoiceFilter(
        label=_("State"), field_name="log__state", choices=LogState.choices, empty_label=_("All")
    )
    starts = DayFilter(
        label=_("From"), field_name="day", lookup_expr="gte", widget=forms.DateInput(attrs={"type": "date"})
    )
    ends = DayFilter(
        label=_("Until"), field_name="day", lookup_expr="lte", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = ServiceRecord
        fields = ["item", "domain", "station", "worker", "contract", "client", "state", "starts", "ends"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items: dict[str, str] = {}
        for item in ServiceItem.objects.order_by("programme__year", "order"):
            items[item.code] = f"{item.code} {item.name}"
        self.filters["item"].extra["choices"] = list(items.items())

    def by_code(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(item__code=value)

    def by_worker(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(log__staff__in=Staff.objects.named(value))
