"""Staff and vacancies."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import DetailView

from jinjiang_portal import access, clock, identity, workbook
from jinjiang_portal.audit import records as audit
from jinjiang_portal.lists import ListPage
from staffing.filters import StaffFilter, VacancyFilter
from staffing.forms import RevealForm
from staffing.models import Posting, Staff, Vacancy, WorkLog
from staffing.tables import StaffTable, VacancyTable


def with_posts(rows: QuerySet[Staff]) -> QuerySet[Staff]:
    """Staff with the postings of today and their certificates, in three queries."""
    today = Posting.objects.active_on(clock.today()).select_related("station__township")
    return rows.select_related("contractor").prefetch_related(
        Prefetch("postings", queryset=today, to_attr="postings_today"), "certificates"
    )


class StaffListView(ListPage):
    """The people within the user's scope, with post and certificate (D3.1, S6, S8)."""

    action = "staff.view"
    model = Staff
    table_class = StaffTable
    filterset_class = StaffFilter
    title = _("Staff")
    empty_text = _("Nobody fits the filter.")
    export_columns = [
        workbook.Column(_("Name"), "name"),
        workbook.Column(_("Station"), lambda staff: _station(staff)),
        workbook.Column(_("Education"), lambda staff: staff.get_education_display()),
        workbook.Column(_("Major"), "major"),
        workbook.Column(_("Certificate"), lambda staff: _certificate(staff)),
        workbook.Column(_("ID number"), lambda staff: identity.mask_id(staff.id_number)),
        workbook.Column(_("Contractor"), "contractor.name"),
    ]

    def refine(self, rows: Any) -> Any:
        return with_posts(rows)


def _station(staff: Staff) -> str:
    return staff.postings_today[0].station.short_name if staff.postings_today else ""  # type: ignore[attr-defined]


def _certificate(staff: Staff) -> str:
    return "、".join(certificate.get_level_display() for certificate in staff.certificates.all())


class StaffDetailView(access.Guarded, DetailView):
    """A person's file; numbers are masked, showing them in full is a step of its own."""

    action = "staff.view"
    template_name = "staffing/staff_detail.html"
    context_object_name = "person"

    def get_queryset(self) -> Any:
        return with_posts(Staff.objects.visible_to(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, user, today = self.object, self.request.user, clock.today()
        postings = Posting.objects.visible_to(user).filter(staff=person)
        logs = WorkLog.objects.visible_to(user).filter(staff=person)
        kwargs |= {
            "age": identity.age_on(person.birth_date, today),
            "id_number": identity.mask_id(person.id_number),
            "phone": identity.mask_phone(person.phone),
            "postings": postings.select_related("station__township", "contract"),
            "certificates": person.certificates.all(),
            "log_counts": logs.state_counts(),
            "can_reveal": access.may(user, "staff.reveal"),
            "today": today,
        }
        return super().get_context_data(**kwargs)


class StaffRevealView(access.Guarded, View):
    """Show a person's numbers in full once, for a reason that is written down (SECURITY 6)."""

    action = "staff.reveal"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.form = RevealForm(request.POST or None)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        return self._page(self._person(pk))

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        person = self._person(pk)
        if not self.form.is_valid():
            return self._page(person, status=400)
        audit.read(request.user, person, "numbers", self.form.cleaned_data["reason"])
        return self._page(person, shown=True)

    def _person(self, pk: Any) -> Staff:
        return get_object_or_404(Staff.objects.visible_to(self.request.user), pk=pk)

    def _page(self, person: Staff, *, shown: bool = False, status: int = 200) -> HttpResponse:
        context = {"person": person, "form": self.form, "shown": shown}
        answer = render(self.request, "staffing/staff_reveal.html", context, status=status)
        answer.headers["Cache-Control"] = "no-store"
        return answer


class VacancyListView(ListPage):
    """Every vacancy: when left, due, filled, days open (S5)."""

    action = "vacancy.view"
    model = Vacancy
    table_class = VacancyTable
    filterset_class = VacancyFilter
    title = _("Vacancies")
    lead = _("A post is to be filled again within the programme's period after the last day in post (S5).")
    empty_text = _("No vacancy fits the filter.")
    export_columns = [
        workbook.Column(_("Station"), "station.short_name"),
        workbook.Column(_("Contractor"), "contract.contractor.name"),
        workbook.Column(_("Last day in post"), "last_day", kind="date"),
        workbook.Column(_("To be filled by"), "due_on", kind="date"),
        workbook.Column(_("Filled on"), "filled_on", kind="date"),
        workbook.Column(_("Days open"), lambda vacancy: vacancy.days_open(clock.today()), kind="int"),
    ]

    def refine(self, rows: Any) -> Any:
        return rows.select_related("station__township", "contract__contractor")
