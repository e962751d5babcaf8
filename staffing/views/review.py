"""Reviewing logs: the township's queue with one log open beside it, decisions one by one or in a batch."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import DetailView, TemplateView

from jinjiang_portal import access, workbook
from jinjiang_portal.lists import ListPage
from staffing import rules, workflow
from staffing.filters import LogFilter
from staffing.forms import ReturnForm
from staffing.models import LogEventKind, LogState, WorkLog
from staffing.tables import LogTable

OPENED = "opened_logs"
KEPT_OPENED = 500
PER_PAGE = 100


def decorated(log: WorkLog) -> WorkLog:
    """The log with its findings as sentences, for the page."""
    log.finding_sentences = [rules.sentence(found) for found in log.findings]
    names = Counter(record.item.name for record in log.service_records.all())
    log.item_names = [name if count == 1 else f"{name} ×{count}" for name, count in names.items()]
    log.finding_titles = list(dict.fromkeys(rules.title(found) for found in log.findings))
    return log


class ReviewView(access.Guarded, TemplateView):
    """The queue and, beside it, the log that is open; `?log=` names it, the first one is open by itself."""

    action = "log.review"
    template_name = "staffing/review.html"
    return_form: ReturnForm | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        queue = WorkLog.objects.visible_to(user).awaiting_review().with_counts().with_items()
        queue = queue.order_by("day", "staff__pinyin", "pk")
        page = Paginator(queue.select_related("staff", "station__township"), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        logs = [decorated(log) for log in page.object_list]
        current = self._current(logs)
        kwargs |= {
            "page_obj": page,
            "logs": logs,
            "fine": sum(not log.flagged for log in logs),
            "current": current,
            "names_shown": access.may(user, "client.name"),
            "counts": WorkLog.objects.visible_to(user).state_counts(),
            "undo": self.request.session.pop("undo_log", None),
        }
        if current is not None:
            place = next(number for number, log in enumerate(logs) if log.pk == current.pk)
            kwargs |= {
                "place": place + 1,
                "before": logs[place - 1] if place else None,
                "after": logs[place + 1] if place + 1 < len(logs) else None,
                "return_form": self.return_form or ReturnForm(programme=current.contract.programme),
                "earlier_events": current.events.select_related("by"),
            }
            remember_opened(self.request, current)
        return super().get_context_data(**kwargs)

    def _current(self, logs: list[WorkLog]) -> WorkLog | None:
        wanted = self.request.GET.get("log", "")
        found = next((log for log in logs if str(log.pk) == wanted), logs[0] if logs else None)
        if found is None:
            return None
        return decorated(WorkLog.objects.visible_to(self.request.user).with_contents().get(pk=found.pk))


def number_of(typed: str) -> int:
    """The version a form carries; -1, which no row has, for anything that is no number."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1


def key_of(typed: str) -> UUID | None:
    """A row's key, or None for anything that is none."""
    try:
        return UUID(typed)
    except ValueError:
        return None


def remember_opened(request: HttpRequest, log: WorkLog) -> None:
    """Keep in the session that the reviewer has looked at the log."""
    opened = request.session.get(OPENED, [])
    if str(log.pk) not in opened:
        request.session[OPENED] = [*opened[-KEPT_OPENED:], str(log.pk)]


class DecideView(access.Guarded, View):
    """Approve or return the open log, or take the last decision back; then on to the next."""

    action = "log.review"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        log = get_object_or_404(WorkLog.objects.visible_to(request.user), pk=pk)
        act = request.POST.get("act", "")
        form = ReturnForm(request.POST, programme=log.contract.programme)
        version = number_of(request.POST.get("version", ""))
        try:
            if act == "undo":
                workflow.undo_review(log, request.user)
                messages.success(request, _("The decision was undone."))
                return redirect(f"{reverse('staffing:log-review')}?{urlencode({'log': str(pk)})}")
            if act == "approve":
                workflow.approve_log(log, request.user, version)
                messages.success(request, _("Approved: %(who)s, %(day)s.") % _names(log))
            elif form.is_valid():
                workflow.return_log(log, request.user, **form.cleaned_data, version=version)
                messages.success(request, _("Returned to %(who)s: %(day)s.") % _names(log))
            else:
                return self._again(form, pk)
        except ValidationError as error:
            form.add_error(None, error) if act != "approve" else messages.error(request, " ".join(error.messages))
            return self._again(form, pk) if act != "approve" else redirect(self._address(pk))
        request.session["undo_log"] = str(pk)
        following = request.POST.get("next", "")
        return redirect(self._address(following) if following else reverse("staffing:log-review"))

    def _address(self, pk: Any) -> str:
        return f"{reverse('staffing:log-review')}?{urlencode({'log': str(pk)})}#detail"

    def _again(self, form: ReturnForm, pk: Any) -> HttpResponse:
        """The page as it was, with the mistake named and the words kept."""
        query = self.request.GET.copy()
        query["log"] = str(pk)
        self.request.GET = query  # type: ignore[assignment]
        page = ReviewView(request=self.request, return_form=form)
        answer = page.render_to_response(page.get_context_data())
        answer.status_code = 400
        return answer


def _names(log: WorkLog) -> dict[str, str]:
    return {"who": log.staff.name, "day": log.day.isoformat()}


class BatchView(access.Guarded, View):
    """Approve or return all ticked logs; each one's outcome is told, a refusal stops no other."""

    action = "log.review"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        versions: dict[UUID, int] = {}
        for ticked in request.POST.getlist("log"):
            key, _colon, version = ticked.partition(":")
            if (known := key_of(key)) is not None:
                versions[known] = number_of(version)
        rows = WorkLog.objects.visible_to(request.user).select_related("staff", "contract__programme")
        logs = list(rows.filter(pk__in=versions))
        if not logs:
            messages.error(request, _("Tick the logs first."))
            return redirect("staffing:log-review")
        if request.POST.get("act") == "return":
            return self._return_all(request, logs, versions)
        opened = set(request.session.get(OPENED, []))
        outcomes = workflow.approve_batch([(log, versions[log.pk]) for log in logs], request.user, opened)
        done = sum(outcome.done for outcome in outcomes)
        messages.success(request, _("%(done)s of %(all)s logs approved.") % {"done": done, "all": len(outcomes)})
        for outcome in outcomes:
            if not outcome.done:
                messages.error(request, f"{outcome.log}: {outcome.message}")
        return redirect("staffing:log-review")

    def _return_all(self, request: HttpRequest, logs: list[WorkLog], versions: dict[UUID, int]) -> HttpResponse:
        reason, text = request.POST.get("reason", ""), request.POST.get("text", "")
        done = 0
        for log in logs:
            try:
                workflow.return_log(log, request.user, reason, text, versions[log.pk])
                done += 1
            except ValidationError as error:
                messages.error(request, f"{log}: {' '.join(error.messages)}")
        messages.success(request, _("%(done)s of %(all)s logs returned.") % {"done": done, "all": len(logs)})
        return redirect("staffing:log-review")


class LogListView(ListPage):
    """All daily logs within the user's scope."""

    action = "log.view"
    model = WorkLog
    table_class = LogTable
    filterset_class = LogFilter
    title = gettext_lazy("Daily logs")
    empty_text = gettext_lazy("No log fits the filter.")
    export_columns = [
        workbook.Column(gettext_lazy("Day"), "day", kind="date"),
        workbook.Column(gettext_lazy("Station"), "station.short_name"),
        workbook.Column(gettext_lazy("Worker"), "staff.name"),
        workbook.Column(gettext_lazy("Services"), "service_count", kind="int", total=True),
        workbook.Column(gettext_lazy("Minutes"), "minutes", kind="minutes", total=True),
        workbook.Column(gettext_lazy("State"), lambda log: log.get_state_display()),
    ]

    def refine(self, rows: Any) -> Any:
        return rows.with_counts().select_related("staff", "station__township")


class LogDetailView(access.Guarded, DetailView):
    """One log with its services, other work, checks and everything that happened to it."""

    action = "log.view"
    template_name = "staffing/log_detail.html"
    context_object_name = "log"

    def get_queryset(self) -> Any:
        return WorkLog.objects.visible_to(self.request.user).with_contents()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        log = decorated(self.object)
        user = self.request.user
        reviewer = access.may(user, "log.review")
        kwargs |= {
            "names_shown": access.may(user, "client.name"),
            "earlier_events": log.events.select_related("by"),
            "correctable": reviewer and log.state == LogState.APPROVED,
            "reviewable": reviewer and log.state == LogState.SUBMITTED,
            "own": log.staff.user_id == user.pk,
            "return_form": ReturnForm(self.request.POST or None, programme=log.contract.programme)
            if reviewer
            else None,
            "corrections": [event for event in log.events.all() if event.kind == LogEventKind.CORRECTION],
        }
        return super().get_context_data(**kwargs)


class CorrectionView(access.Guarded, View):
    """Open an approved log for correction, with a reason."""

    action = "log.review"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        log = get_object_or_404(WorkLog.objects.visible_to(request.user), pk=pk)
        form = ReturnForm(request.POST, programme=log.contract.programme)
        try:
            if form.is_valid():
                workflow.open_correction(log, request.user, **form.cleaned_data)
                messages.success(request, _("The log is open for correction; it counts again once approved."))
            else:
                for _place, label, message in form.error_list:
                    messages.error(request, f"{label}: {message}")
        except (ValidationError, PermissionDenied) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return redirect("staffing:log-detail", pk)
