"""The one list page: scope, filter bar, sortable table, pages, and the same rows as a workbook."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from jinjiang_portal import access, workbook
from jinjiang_portal.forms import FlexibleDateField

ROWS_AT_MOST = 50_000


class DayFilter(django_filters.DateFilter):
    """A day of a filter bar, typed in any of the usual ways."""

    field_class = FlexibleDateField


class ListPage(access.Guarded, SingleTableMixin, FilterView):
    """A list of `model` rows that starts from `visible_to`. `?export=xlsx` answers the filtered rows, all pages."""

    template_name = "list.html"
    table_pagination = {"per_page": 50}
    strict = False
    title: Any = ""
    lead: Any = ""
    empty_text: Any = ""
    # What the workbook holds; no columns, no export.
    export_columns: list[workbook.Column] = []

    def get_queryset(self) -> QuerySet[Any]:
        return self.refine(self.model.objects.visible_to(self.request.user))

    def refine(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the page needs beyond the scope: joins, annotations, a narrower question."""
        return rows

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        # Bound even to an empty query: what a list leaves out unless asked for is left out from the first look.
        return super().get_filterset_kwargs(filterset_class) | {"data": self.request.GET}

    def export_rows(self, rows: Any) -> Any:
        """What the workbook is made of; a list that decorates its rows does so here too."""
        return rows

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"empty_text": self.empty_text}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs |= {
            "title": self.title,
            "lead": self.lead,
            "can_export": bool(self.export_columns) and access.may(self.request.user, "export.make"),
        }
        return super().get_context_data(**kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("export") == "xlsx":
            return self.export(request)
        return super().get(request, *args, **kwargs)

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The filtered rows as a workbook; each export is written to the audit trail (SECURITY 8)."""
        if not self.export_columns or not access.may(request.user, "export.make"):
            raise PermissionDenied(_("Your role does not include exports of this list."))
        filterset = self.get_filterset(self.get_filterset_class())
        rows = (
            filterset.qs[:ROWS_AT_MOST] if filterset.is_valid() or not self.get_strict() else filterset.queryset.none()
        )
        sheet = workbook.Sheet(str(self.title), self.export_columns, self.export_rows(rows))
        purpose = request.GET.get("purpose", "").strip()[:100] or _("Work at the desk")
        return workbook.list_response(request, f"{self.title}.xlsx", [sheet], purpose)
