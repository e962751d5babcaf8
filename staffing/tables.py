"""Tables of the lists of this app."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import clock
from jinjiang_portal.templatetags.portal import day as show_day
from jinjiang_portal.templatetags.portal import hours as show_hours
from jinjiang_portal.templatetags.portal import state_tag, tag
from staffing import rules
from staffing.models import Staff, Vacancy, WorkLog

RIGHT = {"td": {"class": "r num"}, "th": {"class": "r"}}


class LogTable(tables.Table):
    day = tables.Column(verbose_name=_("Day"))
    station = tables.Column(
        verbose_name=_("Station"), accessor="station__short_name", order_by="station__township__code"
    )
    staff = tables.Column(verbose_name=_("Worker"), accessor="staff__name", order_by="staff__pinyin")
    services = tables.Column(
        verbose_name=_("Services"), accessor="service_count", order_by="service_count", attrs=RIGHT
    )
    minutes = tables.Column(verbose_name=_("Hours"), attrs=RIGHT)
    flagged = tables.Column(verbose_name=_("Automatic checks"))
    state = tables.Column(verbose_name=_("State"))

    class Meta:
        model = WorkLog
        fields = ["day", "station", "staff", "services", "minutes", "flagged", "state"]
        order_by = "-day"

    def render_day(self, record: WorkLog) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("staffing:log-detail", args=[record.pk]), show_day(record.day)
        )

    def render_minutes(self, value: int) -> str:
        return show_hours(value)

    def render_flagged(self, record: WorkLog) -> str:
        titles = dict.fromkeys(rules.title(found) for found in record.findings)
        return gettext(", ").join(titles) or gettext("No findings")

    def render_state(self, record: WorkLog) -> SafeString:
        return state_tag(record.state, record.get_state_display())


class StaffTable(tables.Table):
    name = tables.Column(verbose_name=_("Name"), order_by="pinyin")
    station = tables.Column(verbose_name=_("Station"), empty_values=(), orderable=False)
    since = tables.Column(verbose_name=_("In post since"), empty_values=(), orderable=False)
    education = tables.Column(verbose_name=_("Education"), orderable=False)
    major = tables.Column(verbose_name=_("Major"))
    certificate = tables.Column(verbose_name=_("Certificate"), empty_values=(), orderable=False)
    contractor = tables.Column(verbose_name=_("Contractor"), accessor="contractor__name")

    class Meta:
        model = Staff
        fields = ["name", "station", "since", "education", "major", "certificate", "contractor"]
        order_by = "name"

    def render_name(self, record: Staff) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("staffing:staff-detail", args=[record.pk]), record.name)

    def _posting(self, record: Staff) -> Any:
        return next(iter(record.postings_today), None)

    def render_station(self, record: Staff) -> str:
        posting = self._posting(record)
        return posting.station.short_name if posting else gettext("Not in post")

    def render_since(self, record: Staff) -> str:
        posting = self._posting(record)
        return show_day(posting.starts_on) if posting else "—"

    def render_certificate(self, record: Staff) -> SafeString:
        held = [certificate for certificate in record.certificates.all() if certificate.issued_on <= clock.today()]
        return tag("ok", held[0].get_level_display()) if held else tag("grey", gettext("Not certified"))


class VacancyTable(tables.Table):
    station = tables.Column(
        verbose_name=_("Station"), accessor="station__short_name", order_by="station__township__code"
    )
    contractor = tables.Column(verbose_name=_("Contractor"), accessor="contract__contractor__name")
    last_day = tables.Column(verbose_name=_("Last day in post"))
    due_on = tables.Column(verbose_name=_("To be filled by"))
    filled_on = tables.Column(verbose_name=_("Filled on"), empty_values=())
    days = tables.Column(verbose_name=_("Days open"), empty_values=(), orderable=False, attrs=RIGHT)
    state = tables.Column(verbose_name=_("State"), empty_values=(), orderable=False)

    class Meta:
        model = Vacancy
        fields = ["station", "contractor", "last_day", "due_on", "filled_on", "days", "state"]
        order_by = "-last_day"

    def render_last_day(self, value: Any) -> str:
        return show_day(value)

    def render_due_on(self, record: Vacancy) -> SafeString:
        return format_html('{}<span class="small muted block">{}</span>', show_day(record.due_on), record.due_because)

    def render_filled_on(self, record: Vacancy) -> str:
        return show_day(record.filled_on) if record.filled_on else "—"

    def render_days(self, record: Vacancy) -> str:
        return str(record.days_open(clock.today()))

    def render_state(self, record: Vacancy) -> SafeString:
        if record.filled_on:
            late = record.filled_on > record.due_on
            return tag("wait", gettext("Filled late")) if late else tag("ok", gettext("Filled in time"))
        if record.due_on < clock.today():
            return tag("bad", gettext("Overdue"))
        return tag("run", gettext("Open"))
