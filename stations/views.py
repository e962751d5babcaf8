"""Pages of what is bought and where: stations, contracts, the programme year."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, TemplateView, UpdateView

from jinjiang_portal import access, clock, workbook
from jinjiang_portal.lists import ListPage
from stations.forms import StationForm
from stations.models import Contract, ContractStation, Programme, ServiceDomain, Station, StationYear
from stations.rules import required_headcount, required_in_city
from stations.tables import ContractFilter, ContractTable, StationFilter, StationTable


def programme_of_today() -> Programme | None:
    """The programme year that runs today, else the newest one."""
    today = clock.today()
    running = Programme.objects.filter(starts_on__lte=today, ends_on__gte=today).first()
    return running or Programme.objects.first()


def with_posts(stations: QuerySet[Station], user: Any) -> list[Any]:
    """The stations with `required`, `posted` and `current_lots` the user may see, in four queries (S3, S4)."""
    today, programme = clock.today(), programme_of_today()
    lots = ContractStation.objects.filter(starts_on__lte=today, ends_on__gte=today)
    lots = lots.filter(contract__in=Contract.objects.visible_to(user)).select_related("contract__contractor")
    rows = list(
        stations.select_related("township").prefetch_related(Prefetch("contract_stations", lots, "current_lots"))
    )
    years = {year.station_id: year for year in StationYear.objects.filter(programme=programme, station__in=rows)}
    posting = Station.postings.rel.related_model.objects.active_on(today).filter(station__in=rows)
    posted = dict(posting.order_by().values_list("station_id").annotate(n=Count("staff_id", distinct=True)))
    for row in rows:
        year = years.get(row.pk)
        row.required = required_headcount(programme, year, row.township.pilot_town) if programme and year else 0
        row.posted = posted.get(row.pk, 0)
    return rows


class StationListView(ListPage):
    """Stations side by side: staff required and in post, contractor."""

    action = "station.view"
    model = Station
    table_class = StationTable
    filterset_class = StationFilter
    title = _("Stations")
    empty_text = _("No station fits the filter.")
    export_columns = [
        workbook.Column(_("Station"), "name"),
        workbook.Column(_("Staff required"), "required", kind="int", total=True),
        workbook.Column(_("In post"), "posted", kind="int", total=True),
        workbook.Column(
            _("Contractor"), lambda row: "、".join(lot.contract.contractor.name for lot in row.current_lots)
        ),
        workbook.Column(_("Address"), "address"),
        workbook.Column(_("Phone"), "phone"),
    ]

    def refine(self, rows: Any) -> Any:
        return rows.select_related("township")

    def get_table_data(self) -> list[Any]:
        return with_posts(self.object_list, self.request.user)

    def export_rows(self, rows: Any) -> Any:
        return with_posts(rows, self.request.user)


class StationDetailView(access.Guarded, DetailView):
    """A station: where it is, who runs it, who works there, what was promised."""

    action = "station.view"
    template_name = "stations/station_detail.html"
    context_object_name = "station"

    def get_queryset(self) -> Any:
        return Station.objects.visible_to(self.request.user).select_related("township")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, clock.today()
        station = with_posts(Station.objects.filter(pk=self.object.pk), user)[0]
        postings = Station.postings.rel.related_model.objects.visible_to(user).active_on(today).filter(station=station)
        can_see_staff = access.may(user, "staff.view")
        kwargs |= {
            "station": station,
            "lots": station.current_lots,
            "postings": postings.select_related("staff").order_by("staff__pinyin") if can_see_staff else [],
            "can_see_staff": can_see_staff,
            "villages": station.township.villages.all(),
            "targets": [target for lot in station.current_lots for target in lot.targets.all()],
            "can_edit": access.may(user, "station.write")
            and Station.objects.open_to(user).filter(pk=station.pk).exists(),
        }
        return super().get_context_data(**kwargs)


class StationUpdateView(access.Guarded, UpdateView):
    """Address, phone and opening hours, kept by the township."""

    action = "station.write"
    form_class = StationForm
    template_name = "stations/station_form.html"
    context_object_name = "station"

    def get_queryset(self) -> Any:
        return Station.objects.open_to(self.request.user).select_related("township")

    def form_invalid(self, form: StationForm) -> Any:
        answer = super().form_invalid(form)
        answer.status_code = 400
        return answer

    def get_success_url(self) -> str:
        messages.success(self.request, gettext("Saved."))
        return reverse("stations:station-detail", args=[self.object.pk])


class ContractListView(ListPage):
    """Contracts of the year within the user's scope (D1.2, S16)."""

    action = "contract.view"
    model = Contract
    table_class = ContractTable
    filterset_class = ContractFilter
    title = _("Contracts")
    empty_text = _("No contract fits the filter.")
    export_columns = [
        workbook.Column(_("Contract number"), "number"),
        workbook.Column(_("Contractor"), "contractor.name"),
        workbook.Column(_("From"), "starts_on", kind="date"),
        workbook.Column(_("Until"), "ends_on", kind="date"),
        workbook.Column(_("Stations"), "station_count", kind="int", total=True),
        workbook.Column(_("Amount, yuan"), "amount", kind="money", total=True),
        workbook.Column(_("State"), lambda row: row.get_state_display()),
    ]

    def refine(self, rows: Any) -> Any:
        return rows.select_related("contractor").annotate(station_count=Count("contract_stations"))


class ContractDetailView(access.Guarded, DetailView):
    """A contract: parties, days, price, stations and what each promised."""

    action = "contract.view"
    template_name = "stations/contract_detail.html"
    context_object_name = "contract"

    def get_queryset(self) -> Any:
        return Contract.objects.visible_to(self.request.user).select_related("contractor", "programme")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lots = self.object.contract_stations.select_related("station__township").prefetch_related("targets")
        codes: dict[str, Any] = {}
        for lot in lots:
            for target in lot.targets.all():
                codes.setdefault(target.code, target)
        rows = [
            {"lot": lot, "targets": [{target.code: target for target in lot.targets.all()}.get(code) for code in codes]}
            for lot in lots
        ]
        kwargs |= {"lots": rows, "target_heads": list(codes.values())}
        return super().get_context_data(**kwargs)


class ProgrammeView(access.Guarded, TemplateView):
    """The year's parameters with their clause codes, shares and service catalogue (D1.1)."""

    action = "programme.view"
    template_name = "stations/programme.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        programme = programme_of_today()
        if programme is None:
            return super().get_context_data(programme=None, **kwargs)
        years = StationYear.objects.filter(programme=programme).select_related("station__township")
        items = list(programme.items.all())
        kwargs |= {
            "programme": programme,
            "posts": required_in_city(programme, years),
            "stations": len([year for year in years if year.active]),
            "parameters": [
                (field.verbose_name, value(programme, field), field.help_text)
                for field in programme._meta.concrete_fields
                if field.help_text
            ],
            "shares": programme.shares.prefetch_related("subjects"),
            "domains": [
                (domain.label, [item for item in items if item.domain == domain]) for domain in ServiceDomain
            ],
        }  # fmt: skip
        return super().get_context_data(**kwargs)


def value(programme: Programme, field: Any) -> str:
    """A parameter as text: yes and no in words, lists joined, days as they are written."""
    raw = getattr(programme, field.name)
    if field.choices:
        return str(dict(field.flatchoices).get(raw, raw))
    if isinstance(raw, bool):
        return gettext("Yes") if raw else gettext("No")
    if isinstance(raw, list):
        return "、".join(str(part) for part in raw)
    return f"{raw}"
