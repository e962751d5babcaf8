"""Clients: the register, a client's page, keeping and closing a file, showing numbers in full."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import DetailView

from casework import rules, workflow
from casework.forms import ArchiveForm, ClientForm, ClientRevealForm
from casework.models import Client, ServiceRecord
from casework.tables import ClientFilter, ClientTable
from jinjiang_portal import access, clock, identity, workbook
from jinjiang_portal.audit import records as audit
from jinjiang_portal.fields import uuid7
from jinjiang_portal.lists import ListPage
from stations.models import Station, VisitRule

PICKED_AT_MOST = 8
TIMELINE_AT_MOST = 50


def shown_name(client: Client, user: Any) -> str:
    """The name, masked for roles that need not know who it is."""
    return client.name if access.may(user, "client.name") else identity.mask_name(client.name)


def refused(form: Any, error: ValidationError) -> None:
    """Put the errors of a workflow function beside the fields they are about."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)


class ClientListView(ListPage):
    """The register of people served, found by name, pinyin, village or the last four of a number (G1)."""

    action = "client.view"
    model = Client
    table_class = ClientTable
    filterset_class = ClientFilter
    title = _("Clients")
    empty_text = _("Nobody found. Try pinyin initials, or enter a new client.")
    export_columns = [
        workbook.Column(_("Name"), lambda client: identity.mask_name(client.name)),
        workbook.Column(_("ID number"), lambda client: identity.mask_id(client.id_number), width=22),
        workbook.Column(_("Sex"), lambda client: client.get_sex_display()),
        workbook.Column(_("Age"), lambda client: identity.age_on(client.birth_date, clock.today()), kind="int"),
        workbook.Column(_("Station"), "station.short_name"),
        workbook.Column(_("Village"), "village.short_name"),
        workbook.Column(
            _("Categories"),
            lambda c: "、".join(str(row.get_category_display()) for row in c.current_categories),
            width=30,
        ),
        workbook.Column(_("Risk"), lambda client: client.get_risk_display()),
        workbook.Column(_("Last visit"), "last_visit", kind="date"),
    ]

    def refine(self, rows: Any) -> Any:
        return rows.select_related("village", "station__township").with_last_visit().with_categories()

    def get_table_kwargs(self) -> dict[str, Any]:
        return super().get_table_kwargs() | {"names_shown": access.may(self.request.user, "client.name")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if access.may(self.request.user, "client.write"):
            context |= {"create_url": "new/", "create_label": gettext("New client")}
        return context


class ClientDetailView(access.Guarded, DetailView):
    """A client's page: who it is, categories, household, and what was done when."""

    action = "client.view"
    template_name = "casework/client_detail.html"
    context_object_name = "client"

    def get_queryset(self) -> Any:
        rows = Client.objects.visible_to(self.request.user)
        return rows.select_related("village", "station__township", "household").with_last_visit().with_categories()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        client, user, today = self.object, self.request.user, clock.today()
        records = ServiceRecord.objects.visible_to(user).filter(served__client=client)
        visit_rules = {rule.category: rule for rule in VisitRule.objects.filter(programme__year=today.year)}
        codes = [row.category for row in client.current_categories]
        due = rules.visit_due(codes, client.risk, client.last_visit, client.created_at.date(), visit_rules)
        members = Client.objects.visible_to(user).filter(household=client.household).exclude(pk=client.pk)
        mine = Station.objects.open_to(user).filter(pk=client.station_id).exists()
        can_write = mine and access.may(user, "client.write")
        audit.read(user, client, "page")
        kwargs |= {
            "name": shown_name(client, user),
            "names_shown": access.may(user, "client.name"),
            "age": identity.age_on(client.birth_date, today),
            "id_number": identity.mask_id(client.id_number),
            "phone": identity.mask_phone(client.phone),
            "guardian_phone": identity.mask_phone(client.guardian_phone),
            "members": members if client.household_id else [],
            "records": records.select_related("item", "log__staff", "village")[:TIMELINE_AT_MOST],
            "record_count": records.count(),
            "due": due,
            "overdue": bool(due and due < today and not client.archived_on),
            "history": client.categories.order_by("-starts_on"),
            "can_write": can_write and not client.archived_on,
            "can_record": can_write and access.may(user, "record.write") and not client.archived_on,
            "can_reveal": access.may(user, "client.reveal"),
        }
        return super().get_context_data(**kwargs)


class ClientEditView(access.Guarded, View):
    """Enter a new client, or change one; a stale save shows both versions."""

    action = "client.write"

    def get(self, request: HttpRequest, pk: Any = None) -> HttpResponse:
        try:
            client, station = self._client(pk)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("casework:client-list")
        if client is None:
            initial = {"key": uuid7(), "name": request.GET.get("name", "")[:40]}
        else:
            codes = list(client.categories.filter(ends_on=None).values_list("category", flat=True))
            initial = {"version": client.version, "categories": codes}
        return self._page(ClientForm(instance=client, station=station, initial=initial), client)

    def post(self, request: HttpRequest, pk: Any = None) -> HttpResponse:
        try:
            client, station = self._client(pk)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("casework:client-list")
        form = ClientForm(request.POST, instance=client, station=station)
        if not form.is_valid():
            return self._page(form, client, status=400)
        row = form.save(commit=False)
        if pk is None:
            row.station = station
            row.pk = form.cleaned_data["key"] or row.pk
        try:
            row = workflow.save_client(
                row, request.user, form.cleaned_data["categories"], version=form.cleaned_data["version"],
                another=form.cleaned_data.get("another", False),
            )  # fmt: skip
        except ValidationError as error:
            refused(form, error)
            return self._page(form, client, status=400)
        messages.success(request, gettext("Saved."))
        return redirect("casework:client-detail", row.pk)

    def _client(self, pk: Any) -> tuple[Client | None, Station]:
        user = self.request.user
        if pk is None:
            return None, workflow.own_station(user)
        client = get_object_or_404(Client.objects.open_to(user).current().select_related("station__township"), pk=pk)
        return client, client.station

    def _page(self, form: ClientForm, client: Client | None, status: int = 200) -> HttpResponse:
        return render(self.request, "casework/client_form.html", {"form": form, "client": client}, status=status)


class ClientArchiveView(access.Guarded, View):
    """Close a client's file with a reason."""

    action = "client.write"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        return self._page(self._client(pk), ArchiveForm())

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        client, form = self._client(pk), ArchiveForm(request.POST)
        if not form.is_valid():
            return self._page(client, form, 400)
        workflow.archive_client(client, request.user, form.cleaned_data["because"])
        messages.success(request, gettext("The file is closed. What was done stays readable."))
        return redirect("casework:client-detail", pk)

    def _client(self, pk: Any) -> Client:
        return get_object_or_404(Client.objects.open_to(self.request.user), pk=pk)

    def _page(self, client: Client, form: ArchiveForm, status: int = 200) -> HttpResponse:
        return render(self.request, "casework/client_archive.html", {"client": client, "form": form}, status=status)


class ClientRevealView(access.Guarded, View):
    """Show a client's numbers in full once, for a reason that is written down (SECURITY 6)."""

    action = "client.reveal"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        return self._page(self._client(pk), ClientRevealForm())

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        client, form = self._client(pk), ClientRevealForm(request.POST)
        if not form.is_valid():
            return self._page(client, form, status=400)
        audit.read(request.user, client, "numbers", form.reason)
        return self._page(client, form, shown=True)

    def _client(self, pk: Any) -> Client:
        return get_object_or_404(Client.objects.visible_to(self.request.user), pk=pk)

    def _page(self, client: Client, form: ClientRevealForm, *, shown: bool = False, status: int = 200) -> HttpResponse:
        context = {"client": client, "name": shown_name(client, self.request.user), "form": form, "shown": shown}
        answer = render(self.request, "casework/client_reveal.html", context, status=status)
        answer.headers["Cache-Control"] = "no-store"
        return answer


class ClientPickView(access.Guarded, View):
    """Matches for the client picker: current clients of the stations the user works in."""

    action = "client.write"

    def get(self, request: HttpRequest) -> JsonResponse:
        typed = request.GET.get("q", "").strip()[:40]
        rows = Client.objects.open_to(request.user).current()
        found = rows.search(typed) if typed else rows.none()
        listed = found.select_related("village").with_categories().order_by("pinyin", "id")[:PICKED_AT_MOST]
        return JsonResponse({"results": [{"id": str(c.pk), "name": c.name, "note": note_of(c)} for c in listed]})


def note_of(client: Any) -> str:
    """Village, age and category: enough to tell two of one name apart."""
    parts = [
        client.village.short_name,
        gettext("%(age)s years") % {"age": identity.age_on(client.birth_date, clock.today())},
    ]
    parts += [str(row.get_category_display()) for row in client.current_categories[:1]]
    if client.consent_on is None:
        parts.append(gettext("no consent yet"))
    return gettext(", ").join(parts)
