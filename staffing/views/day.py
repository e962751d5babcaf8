"""The worker's own pages: the week, the day with its services and other work, submitting and withdrawing."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from jinjiang_portal import access, clock
from jinjiang_portal.fields import uuid7
from jinjiang_portal.versioned import StaleVersion
from staffing import rules, workflow
from staffing.forms import DayForm, LineForm
from staffing.models import LogEventKind, LogLine, LogState, WorkLog

WEEK = timedelta(days=7)
FIRST_YEAR, LAST_YEAR = 2000, 2100


def day_of(text: str) -> date:
    """The ISO day of an address; 404 for anything else, and for days no log can have."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Http404
    return day


class WeekView(access.Guarded, TemplateView):
    """My week: seven days with hours and state, and what was returned."""

    action = "log.write"
    template_name = "staffing/week.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.today()
        wanted = self.request.GET.get("day", "")
        chosen = day_of(wanted) if wanted else today
        monday = chosen - timedelta(days=chosen.weekday())
        own = WorkLog.objects.visible_to(self.request.user)
        logs = {log.day: log for log in own.with_counts().filter(day__gte=monday, day__lt=monday + WEEK)}
        days = [
            {"day": day, "log": logs.get(day), "today": day == today, "future": day > today}
            for day in (monday + timedelta(days=n) for n in range(7))
        ]
        kwargs |= {
            "days": days,
            "monday": monday,
            "sunday": monday + timedelta(days=6),
            "before": (monday - WEEK).isoformat(),
            "after": (monday + WEEK).isoformat() if monday + WEEK <= today else "",
            "minutes": sum(log.minutes_now for log in logs.values()),
            "services": sum(log.service_count for log in logs.values()),
            "returned": own.filter(state=LogState.RETURNED).order_by("day"),
            "today": today,
        }
        return super().get_context_data(**kwargs)


class DayPage:
    """What every view of the day page shares: the day, its log, and the page around forms with or without errors."""

    request: HttpRequest

    def page(self, day: date, line_form: LineForm | None = None, day_form: DayForm | None = None) -> HttpResponse:
        user = self.request.user
        log = WorkLog.objects.visible_to(user).with_contents().filter(day=day, staff__user=user).first()
        bad = (line_form is not None and not line_form.is_valid()) or (day_form is not None and not day_form.is_valid())
        version = log.version if log else 0
        context = {
            "day": day,
            "log": log,
            "posting": workflow.posting_on(user, day),
            "editable": day <= clock.today() and (log is None or log.is_editable),
            "line_form": line_form or LineForm(initial={"id": uuid7(), "minutes": ""}),
            "day_form": day_form
            or DayForm(initial={"version": version, "reflection": log.reflection, "plan": log.plan} if log else {}),
            "return_event": log.events.filter(kind__in=[LogEventKind.RETURNED, LogEventKind.CORRECTION]).last()
            if log and log.state == LogState.RETURNED
            else None,
            "findings": [rules.sentence(found) for found in log.findings] if log else [],
            "before": (day - timedelta(days=1)).isoformat(),
            "after": (day + timedelta(days=1)).isoformat() if day < clock.today() else "",
            "today": clock.today(),
        }
        if context["return_event"]:
            context["return_reason"] = reason_name(log, context["return_event"].reason)
        return render(self.request, "staffing/day.html", context, status=400 if bad else 200)

    def back(self, day: date) -> HttpResponse:
        return redirect("staffing:log-day", day.isoformat())

    def refused(self, day: date, error: ValidationError) -> HttpResponse:
        for message in error.messages:
            messages.error(self.request, message)
        return self.back(day)


def reason_name(log: WorkLog, code: str) -> str:
    """The reason's name in the reader's language."""
    found = log.contract.programme.return_reasons.filter(code=code).first()
    return found.name if found else code


class DayView(access.Guarded, DayPage, View):
    """A day of the worker: services, other work, reflections, and handing it in."""

    action = "log.write"

    def get(self, request: HttpRequest, day: str) -> HttpResponse:
        return self.page(day_of(day))


class LineAddView(access.Guarded, DayPage, View):
    """Add non-service work to the day; on a mistake the page comes back with everything typed."""

    action = "log.write"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, day: str) -> HttpResponse:
        on = day_of(day)
        form = LineForm(request.POST)
        if not form.is_valid():
            return self.page(on, line_form=form)
        try:
            workflow.add_line(request.user, on, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(on, line_form=form)
        return self.back(on)


class LineRemoveView(access.Guarded, DayPage, View):
    """Take a line off the day."""

    action = "log.write"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        line = get_object_or_404(LogLine.objects.visible_to(request.user).select_related("log"), pk=pk)
        try:
            workflow.remove_line(line, request.user)
        except ValidationError as error:
            return self.refused(line.log.day, error)
        messages.success(request, _("The line was removed."))
        return self.back(line.log.day)


class SubmitView(access.Guarded, DayPage, View):
    """Keep the day's texts, and hand the day in when the button says so."""

    action = "log.write"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, day: str) -> HttpResponse:
        on = day_of(day)
        log = get_object_or_404(WorkLog.objects.visible_to(request.user), day=on, staff__user=request.user)
        if log.state == LogState.SUBMITTED and request.POST.get("act") == "submit":
            return self.back(on)  # sent twice: it is handed in once
        form = DayForm(request.POST)
        if not form.is_valid():
            return self.page(on, day_form=form)
        try:
            log = workflow.save_day(log, request.user, **form.cleaned_data)
            if request.POST.get("act") == "submit":
                workflow.submit_log(log, request.user)
        except StaleVersion as error:
            form.compare(WorkLog.objects.get(pk=log.pk))
            form.add_error(None, error)
            return self.page(on, day_form=form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(on, day_form=form)
        if request.POST.get("act") == "submit":
            messages.success(request, _("The log of %(day)s is handed in for review.") % {"day": on.isoformat()})
        else:
            messages.success(request, _("Saved."))
        return self.back(on)


class WithdrawView(access.Guarded, DayPage, View):
    """Take a submitted log back."""

    action = "log.write"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, day: str) -> HttpResponse:
        on = day_of(day)
        log = get_object_or_404(WorkLog.objects.visible_to(request.user), day=on, staff__user=request.user)
        try:
            workflow.withdraw_log(log, request.user)
        except ValidationError as error:
            return self.refused(on, error)
        messages.success(request, _("The log is yours again. Hand it in when it is right."))
        return self.back(on)


class TodayView(access.Guarded, View):
    """The way to today's log from the phone's tab bar."""

    action = "log.write"

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect(reverse("staffing:log-day", args=[clock.today().isoformat()]))
