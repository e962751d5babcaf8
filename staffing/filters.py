"""Filter bars of the lists of this app."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import clock
from jinjiang_portal.lists import DayFilter
from staffing.models import LogState, Staff, Vacancy, WorkLog
from stations.filters import contracts_of, stations_of
from stations.models import Education, Station


class LogFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=LogState.choices, empty_label=_("All"))
    station = django_filters.ModelChoiceFilter(label=_("Station"), queryset=stations_of, empty_label=_("All"))
    name = django_filters.CharFilter(label=_("Worker"), method="by_name")
    starts = DayFilter(
        label=_("From"), field_name="day", lookup_expr="gte", widget=forms.DateInput(attrs={"type": "date"})
    )
    ends = DayFilter(
        label=_("Until"), field_name="day", lookup_expr="lte", widget=forms.DateInput(attrs={"type": "date"})
    )
    contract = django_filters.ModelChoiceFilter(label=_("Contract"), queryset=contracts_of, empty_label=_("All"))
    flagged = django_filters.BooleanFilter(
        label=_("Only with findings"), method="only_flagged", widget=forms.CheckboxInput
    )

    class Meta:
        model = WorkLog
        fields = ["state", "station", "name", "contract", "starts", "ends", "flagged"]

    def by_name(self, rows: QuerySet[WorkLog], name: str, value: str) -> QuerySet[WorkLog]:
        return rows.filter(staff__in=Staff.objects.named(value))

    def only_flagged(self, rows: QuerySet[WorkLog], name: str, value: bool) -> QuerySet[WorkLog]:
        return rows.filter(flagged=True) if value else rows


class StaffFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name"), method="by_name")
    station = django_filters.ModelChoiceFilter(
        label=_("Station"), queryset=stations_of, method="at_station", empty_label=_("All")
    )
    education = django_filters.ChoiceFilter(label=_("Education"), choices=Education.choices, empty_label=_("All"))
    certified = django_filters.ChoiceFilter(
        label=_("Certificate"), method="by_certificate", empty_label=_("All"),
        choices=[("yes", _("Certified")), ("no", _("Not certified"))],
    )  # fmt: skip

    class Meta:
        model = Staff
        fields = ["q", "station", "education", "certified"]

    def by_name(self, rows: QuerySet[Staff], name: str, value: str) -> QuerySet[Staff]:
        return rows.filter(pk__in=Staff.objects.named(value))

    def at_station(self, rows: QuerySet[Staff], name: str, value: Station) -> QuerySet[Staff]:
        return rows.filter(postings__in=value.postings.active_on(clock.today()))

    def by_certificate(self, rows: QuerySet[Staff], name: str, value: str) -> QuerySet[Staff]:
        certified = Staff.objects.certified_on(clock.today())
        return rows.filter(pk__in=certified) if value == "yes" else rows.exclude(pk__in=certified)


class VacancyFilter(django_filters.FilterSet):
    station = django_filters.ModelChoiceFilter(label=_("Station"), queryset=stations_of, empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=_("State"), method="by_state", empty_label=_("All"),
        choices=[("open", _("Open")), ("overdue", _("Overdue")), ("filled", _("Filled"))],
    )  # fmt: skip

    class Meta:
        model = Vacancy
        fields = ["station", "state"]

    def by_state(self, rows: QuerySet[Vacancy], name: str, value: str) -> QuerySet[Vacancy]:
        today = clock.today()
        if value == "overdue":
            return rows.overdue_on(today)
        return rows.open_on(today) if value == "open" else rows.exclude(filled_on=None)
