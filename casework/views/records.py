"""Service records: choosing the item, recording on a phone, the list, one record."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import DetailView

from casework import workflow
from casework.forms import RecordForm
from casework.models import Client, ServiceMode, ServiceRecord
from casework.tables import RecordFilter, RecordTable
from casework.views.clients import PICKED_AT_MOST, note_of, refused
from jinjiang_portal import access, clock, workbook
from jinjiang_portal.fields import uuid7
from jinjiang_portal.forms import parse_date
from jinjiang_portal.lists import ListPage
from staffing.workflow import posting_on
from stations.models import ServiceDomain, ServiceItem

RECENT_ITEMS = 5
ROUND_TO = 15  # minutes


class RecordListView(ListPage):
    """All service records within the user's scope; what was served, by whom, and whether it counts."""

    action = "record.view"
    model = ServiceRecord
    table_class = RecordTable
    filterset_class = RecordFilter
    title = _("Service records")
    empty_text = _("No record fits the filter.")
    export_columns = [
        workbook.Column(_("Day"), "day", kind="date"),
        workbook.Column(_("Station"), "station.short_name"),
        workbook.Column(_("Code"), "item.code", width=8),
        workbook.Column(_("Service item"), "item.name", width=26),
        workbook.Column(_("Worker"), "log.staff.name"),
        workbook.Column(_("Village"), "village.short_name"),
        workbook.Column(_("Way of service"), lambda record: record.get_mode_display()),
        workbook.Column(_("Minutes"), "minutes", kind="minutes", total=True),
        workbook.Column(_("Quantity"), "quantity", kind="int", total=True),
        workbook.Column(_("Unit of count"), lambda record: record.item.get_unit_display()),
        workbook.Column(_("State"), lambda record: record.log.get_state_display()),
    ]

    def refine(self, rows: Any) -> Any:
        joined = rows.select_related("item", "station__township", "log__staff", "village")
        return joined.prefetch_related("clients")

    def get_table_kwargs(self) -> dict[str, Any]:
        return super().get_table_kwargs() | {"names_shown": access.may(self.request.user, "client.name")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if access.may(self.request.user, "record.write"):
            context |= {"create_url": "new/", "create_label": gettext("Record a service")}
        return context


class RecordDetailView(access.Guarded, DetailView):
    """One service record."""

    action = "record.view"
    template_name = "casework/record_detail.html"
    context_object_name = "record"

    def get_queryset(self) -> Any:
        rows = ServiceRecord.objects.visible_to(self.request.user)
        joined = rows.select_related("item", "station__township", "log__staff", "village")
        return joined.prefetch_related("clients", "tags", "files__stored")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record, user = self.object, self.request.user
        kwargs |= {
            "names_shown": access.may(user, "client.name"),
            "can_edit": access.may(user, "record.write")
            and record.log.staff.user_id == user.pk
            and record.log.is_editable,
            "answers": shown_answers(record),
        }
        return super().get_context_data(**kwargs)


def shown_answers(record: ServiceRecord) -> list[tuple[str, str]]:
    """The further fields that were filled, as label and text."""
    shown = []
    language = 2 if get_language() == "en" else 1
    for definition in record.item.fields:
        value = (record.answers or {}).get(definition["name"])
        if value in (None, "", []):
            continue
        names = {choice[0]: choice[language] for choice in definition.get("choices", [])}
        if isinstance(value, bool):
            text = gettext("Yes") if value else gettext("No")
        elif isinstance(value, list):
            text = gettext(", ").join(str(names.get(code, code)) for code in value)
        else:
            text = str(names.get(value, value))
        shown.append((definition["label_zh" if language == 1 else "label_en"], text))
    return shown


class RecordEditView(access.Guarded, View):
    """Record a service: first the item, then one short page. Nothing typed is lost on a mistake."""

    action = "record.write"

    def get(self, request: HttpRequest, pk: Any = None) -> HttpResponse:
        if pk is not None:
            record = self._own(pk)
            initial = {"version": record.version, "tags": record.tags.all()}
            form = RecordForm(instance=record, item=record.item, station=record.station, initial=initial)
            return self._page(form, list(record.clients.all()), record)
        day = parse_date(request.GET.get("day", "")) or clock.today()
        posting = posting_on(request.user, day)
        if posting is None:
            messages.error(
                request,
                gettext(
                    "You had no posting at a station on %(day)s. Ask your organisation to check the posting's dates."
                )
                % {"day": day.isoformat()},
            )
            return redirect("staffing:log-week")
        items = posting.contract.programme.items.filter(active=True)
        item = items.filter(code=request.GET.get("item", "")).first()
        if item is None:
            return self._choose(items, day)
        clients = self._clients(request.GET.getlist("client"))
        form = RecordForm(item=item, station=posting.station, initial=self._defaults(item, day, clients))
        return self._page(form, clients)

    def post(self, request: HttpRequest, pk: Any = None) -> HttpResponse:
        if pk is not None:
            record = self._own(pk)
            form = RecordForm(request.POST, request.FILES, instance=record, item=record.item, station=record.station)
        else:
            record = None
            day = parse_date(request.POST.get("day", "")) or clock.today()
            posting = posting_on(request.user, day) or posting_on(request.user, clock.today())
            item = get_object_or_404(
                ServiceItem, code=request.POST.get("item", ""), programme__year=_year(posting, day)
            )
            if posting is None:
                messages.error(request, gettext("You have no posting today."))
                return redirect("staffing:log-week")
            form = RecordForm(request.POST, request.FILES, item=item, station=posting.station)
        clients = self._clients(request.POST.getlist("client"))
        if "find" in request.POST:
            return self._found(form, clients, record)
        if not form.is_valid():
            return self._page(form, clients, record, status=400)
        row = form.save(commit=False)
        row.item, row.answers = form.item, form.answers()
        if pk is None:
            row.pk = form.cleaned_data["key"] or row.pk
        if row.village is None and clients:
            row.village = clients[0].village
        try:
            saved = workflow.save_record(
                row, request.user, clients, tags=form.cleaned_data["tags"], files=form.cleaned_data["photos"],
                version=form.cleaned_data["version"],
            )  # fmt: skip
        except ValidationError as error:
            refused(form, error)
            if pk is None:
                row._state.adding = True
            return self._page(form, clients, record, status=400)
        messages.success(request, gettext("Recorded: %(item)s.") % {"item": saved.item.name})
        return redirect("staffing:log-day", saved.day.isoformat())

    def _own(self, pk: Any) -> ServiceRecord:
        rows = ServiceRecord.objects.open_to(self.request.user).filter(log__staff__user=self.request.user)
        return get_object_or_404(rows.select_related("item", "station__township", "log__staff"), pk=pk)

    def _clients(self, keys: list[str]) -> list[Client]:
        """The chosen clients, of the user's own station only, in the order of choosing."""
        wanted = [key for key in dict.fromkeys(keys) if _is_key(key)]
        found = {
            str(c.pk): c
            for c in Client.objects.open_to(self.request.user).select_related("village").filter(pk__in=wanted)
        }
        return [found[key] for key in wanted if key in found]

    def _defaults(self, item: ServiceItem, day: date, clients: list[Client]) -> dict[str, Any]:
        now = timezone.localtime(clock.now())
        start = datetime.combine(now.date(), now.time()) - timedelta(minutes=item.usual_minutes)
        start -= timedelta(minutes=start.minute % ROUND_TO)
        visit = item.counts_as_visit or item.code == "T1.5"
        group = not item.needs_client and item.needs_photo
        mode = ServiceMode.HOME if visit else ServiceMode.ACTIVITY if group else ServiceMode.STATION
        return {
            "key": uuid7(),
            "day": day,
            "starts_at": f"{start:%H:%M}" if day == clock.today() else None,
            "minutes": item.usual_minutes,
            "mode": mode,
            "village": clients[0].village_id if clients else None,
        }

    def _choose(self, items: Any, day: date) -> HttpResponse:
        """Step one: the items by domain, those the worker used last on top."""
        own = ServiceRecord.objects.filter(log__staff__user=self.request.user).order_by("-day", "-id")
        codes = list(dict.fromkeys(own.values_list("item__code", flat=True)[:60]))[:RECENT_ITEMS]
        listed = list(items)
        by_code = {item.code: item for item in listed}
        context = {
            "day": day,
            "recent": [by_code[code] for code in codes if code in by_code],
            "domains": [(domain, [item for item in listed if item.domain == domain]) for domain in ServiceDomain],
            "query": self.request.GET.urlencode(),
            "clients": self.request.GET.getlist("client"),
        }
        return render(self.request, "casework/record_choose.html", context)

    def _found(self, form: RecordForm, clients: list[Client], record: ServiceRecord | None) -> HttpResponse:
        """Without scripts: the page again, with the people found to be ticked and everything typed kept."""
        typed = self.request.POST.get("client_search", "").strip()[:40]
        rows = Client.objects.open_to(self.request.user).current()
        found = rows.search(typed).select_related("village").with_categories()[:PICKED_AT_MOST] if typed else []
        matches = [(client, note_of(client)) for client in found if client not in clients]
        return self._page(form, clients, record, matches=matches, typed=typed, searching=True)

    def _page(
        self,
        form: RecordForm,
        clients: list[Client],
        record: ServiceRecord | None = None,
        *,
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        context = {
            "form": form,
            "item": form.item,
            "record": record,
            "chosen": [{"id": client.pk, "name": client.name} for client in clients],
            "files": record.files.select_related("stored") if record else [],
            "day": form["day"].value(),
            **more,
        }
        return render(self.request, "casework/record_form.html", context, status=status)


def _year(posting: Any, day: date) -> int:
    return posting.contract.programme.year if posting else day.year


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class RecordDeleteView(access.Guarded, View):
    """Take a record off a day that has not been handed in."""

    action = "record.write"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        rows = ServiceRecord.objects.open_to(request.user).filter(log__staff__user=request.user)
        record = get_object_or_404(rows.select_related("log__staff"), pk=pk)
        try:
            log = workflow.delete_record(record, request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("casework:record-detail", pk)
        messages.success(request, gettext("The record was removed from the day."))
        return redirect("staffing:log-day", log.day.isoformat())
