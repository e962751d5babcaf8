"""The overview over all stations in reach: map, months, services, one line a contract."""

from typing import Any

from django.views.generic import TemplateView

from jinjiang_portal import access
from reports import blocks, overview, statistics
from reports.drawings import drawn
from reports.statistics import Scope
from stations.models import Contract


class OverviewView(access.Guarded, TemplateView):
    """Everything the user may see in one page, from approved records of the year so far (D3.4)."""

    action = "report.view"
    template_name = "reports/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        starts_on, ends_on = overview.year_so_far()
        scope = overview.scope_of(user, starts_on, ends_on)
        items = statistics.by_item(scope)
        figures = {"domains": statistics.by_domain(items), "months": statistics.by_month(scope)}
        kwargs |= {
            "period": (starts_on, ends_on),
            "map": overview.station_map(user, starts_on, ends_on),
            "heat": overview.station_heat(user, starts_on, ends_on),
            "drawings": [drawn(table) for table in blocks.tables(figures, ("domains", "months"))],
            "items": blocks.item_table(items),
            "contracts": self.contracts(starts_on, ends_on),
            "query": f"state=approved&starts={starts_on.isoformat()}&ends={ends_on.isoformat()}",
        }
        return super().get_context_data(**kwargs)

    def contracts(self, starts_on: Any, ends_on: Any) -> list[dict[str, Any]]:
        """One line a contract in force: services, targets, money."""
        rows = []
        for contract in Contract.objects.visible_to(self.request.user).active_on(ends_on).select_related("contractor"):
            lines = statistics.by_station(Scope(starts_on, ends_on, contract)).values()
            rows.append(
                {
                    "contract": contract,
                    "records": sum(line["records"] for line in lines),
                    "visits": sum(line["visits"] for line in lines),
                    "money": statistics.money(contract, ends_on),
                }
            )
        return rows
