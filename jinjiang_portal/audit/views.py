"""The audit trail as a page."""

from typing import Any

import django_filters
import django_tables2 as tables
from auditlog import get_logentry_model
from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from jinjiang_portal import access
from jinjiang_portal.lists import DayFilter
from jinjiang_portal.templatetags.portal import ago

LogEntry = get_logentry_model()
KINDS = {"read": _("Read"), "export": _("Export"), "act": _("Act")}
ACTIONS = {
    LogEntry.Action.CREATE: _("Created"),
    LogEntry.Action.UPDATE: _("Changed"),
    LogEntry.Action.DELETE: _("Deleted"),
    LogEntry.Action.ACCESS: _("Read"),
}


class TrailTable(tables.Table):
    timestamp = tables.Column(verbose_name=_("When"))
    actor = tables.Column(verbose_name=_("Who"), default="—")
    action = tables.Column(verbose_name=_("Operation"), orderable=False)
    object_repr = tables.Column(verbose_name=_("Operated on"), orderable=False)
    changes = tables.Column(verbose_name=_("Details"), empty_values=(), orderable=False)

    class Meta:
        model = LogEntry
        fields = ["timestamp", "actor", "action", "object_repr", "changes"]
        order_by = "-timestamp"

    def render_timestamp(self, value: Any) -> str:
        return ago(value)

    def render_action(self, record: Any) -> str:
        data = record.additional_data or {}
        return str(KINDS.get(data.get("kind", ""), ACTIONS[record.action]))

    def render_object_repr(self, record: Any) -> str:
        """The row's kind and the end of its key, enough to tell rows apart; the full key finds it."""
        model = record.content_type.model_class()
        name = model._meta.verbose_name if model else record.content_type.model
        return f"{name} {str(record.object_pk)[-8:]}"

    def render_changes(self, record: Any) -> SafeString | str:
        """Which columns changed, not their values: a trail for oversight is no second copy of the data."""
        data = record.additional_data or {}
        if data:
            parts = [str(data[name]) for name in ("what", "count", "purpose", "reason") if data.get(name)]
            return gettext(", ").join(parts)
        if record.action == LogEntry.Action.CREATE:
            return "—"
        model = record.content_type.model_class()
        labels = {field.name: field.verbose_name for field in model._meta.fields} if model else {}
        return format_html_join(gettext(", "), "{}", ((labels.get(name, name),) for name in record.changes or {}))


class TrailFilter(django_filters.FilterSet):
    who = django_filters.CharFilter(label=_("Who"), field_name="actor__full_name", lookup_expr="contains")
    action = django_filters.ChoiceFilter(label=_("Operation"), choices=list(ACTIONS.items()), empty_label=_("All"))
    row = django_filters.CharFilter(label=_("Key of the row"), field_name="object_pk", lookup_expr="contains")
    starts = DayFilter(
        label=_("From"), field_name="timestamp__date", lookup_expr="gte", widget=forms.DateInput(attrs={"type": "date"})
    )
    ends = DayFilter(
        label=_("Until"),
        field_name="timestamp__date",
        lookup_expr="lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = LogEntry
        fields = ["who", "action", "row", "starts", "ends"]


class TrailView(access.Guarded, SingleTableMixin, FilterView):
    """Who changed, read or exported what and when (SECURITY 7)."""

    action = "audit.view"
    table_class = TrailTable
    filterset_class = TrailFilter
    template_name = "list.html"
    table_pagination = {"per_page": 50}
    strict = False

    def get_queryset(self) -> QuerySet[Any]:
        return LogEntry.objects.select_related("actor", "content_type").order_by("-timestamp", "-id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=gettext("Audit trail"), **kwargs)
