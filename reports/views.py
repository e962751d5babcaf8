"""Pages of the reports: the list, one report, its figures, its texts, its files, its decision."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import DetailView, FormView, TemplateView

from jinjiang_portal import access, clock
from jinjiang_portal.accounts.roles import Role
from jinjiang_portal.jobs.models import JobState
from jinjiang_portal.lists import ListPage
from jinjiang_portal.versioned import StaleVersion
from jinjiang_portal.workbook import Column
from reports import statistics, workflow
from reports.blocks import BLOCKS, tables
from reports.drawings import drawn
from reports.forms import DecisionForm, SectionForm
from reports.models import Build, Report, ReportSection, ReportState
from reports.plan import shown
from reports.sections import QUOTABLE, heading, quotable, section_of, sections_of
from reports.tables import ReportFilter, ReportTable
from staffing.models import LogState

BUILDS_SHOWN = 10
PREVIEW = 40  # characters


def reports_of(user: Any) -> Any:
    """The reports the user may see, with what every page shows of them."""
    return Report.objects.visible_to(user).select_related("contract__contractor", "contract__programme")


def rows_query(report: Report) -> str:
    """What narrows a list of logs, records or vouchers to the report's contract and period."""
    return urlencode(
        {"contract": report.contract_id, "starts": report.starts_on.isoformat(), "ends": report.ends_on.isoformat()}
    )


def log_links(report: Report, user: Any) -> dict[str, str]:
    """Per state of a log, the list of the period's logs in it; drafts are for their employer only."""
    address = reverse("staffing:log-list")
    states = [state for state in LogState.values if state != LogState.DRAFT or user.role == Role.CONTRACTOR_MANAGER]
    return {state: f"{address}?state={state}&{rows_query(report)}" for state in states}


class ReportListView(ListPage):
    """Every report in reach with its state and its day."""

    action = "report.view"
    model = Report
    table_class = ReportTable
    filterset_class = ReportFilter
    title = gettext_lazy("Mid-term and final reports")
    lead = gettext_lazy("Figures come from approved records; texts are written by the contractor.")
    empty_text = gettext_lazy("No report yet. Reports are opened with the contract.")
    export_columns = [
        Column(gettext_lazy("Contract"), "contract.number", width=18),
        Column(gettext_lazy("Contractor"), "contract.contractor.name", width=30),
        Column(gettext_lazy("Report"), "get_kind_display"),
        Column(gettext_lazy("From"), "starts_on", kind="date"),
        Column(gettext_lazy("Until"), "ends_on", kind="date"),
        Column(gettext_lazy("Due"), "due_on", kind="date"),
        Column(gettext_lazy("State"), "get_state_display"),
        Column(gettext_lazy("Submitted"), "submitted_at", kind="datetime"),
    ]

    def refine(self, rows: Any) -> Any:
        return rows.select_related("contract__contractor")


class ReportDetailView(access.Guarded, DetailView):
    """One report: what counts, its texts, its files, what happened to it."""

    action = "report.view"
    template_name = "reports/report_detail.html"
    context_object_name = "report"

    def get_queryset(self) -> Any:
        return reports_of(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report, user = self.object, self.request.user
        workflow.release_builds(report)
        builds = list(report.builds.select_related("job", "pdf", "workbook", "made_by")[:BUILDS_SHOWN])
        may_write = access.may(user, "report.write") and Report.objects.open_to(user).filter(pk=report.pk).exists()
        kwargs |= {
            "sections": section_rows(report),
            "numbers": numbers(report, user),
            "running": next((build for build in builds if build.running), None),
            "latest": next((build for build in builds if build.pdf_id and build.workbook_id), None),
            "failed": failure(builds[0]) if builds else None,
            "builds": [build for build in builds if build.pdf_id],
            "may_write": may_write and report.is_editable,
            "may_build": may_build(user, report),
            "may_decide": access.may(user, "report.decide") and report.state == ReportState.SUBMITTED,
            "too_early": clock.today() <= report.ends_on,
            "late": report.is_editable and clock.today() > report.due_on,
            "events": events(report),
        }
        return super().get_context_data(**kwargs)


def may_build(user: Any, report: Report) -> bool:
    """Whether the user may have files made: the bureau, and the contractor whose report it is."""
    return access.may(user, "report.build") and Report.objects.open_to(user).filter(pk=report.pk).exists()


def failure(build: Build) -> dict[str, str] | None:
    """Why the last making of the files failed and in which part; None when it did not."""
    if build.job.state != JobState.FAILED:
        return None
    broken = build.job.parts.filter(state=JobState.FAILED).first()
    return {"part": broken.title if broken else "", "error": _(build.job.error) if build.job.error else ""}


def section_rows(report: Report) -> list[dict[str, Any]]:
    """The sections in order with how far each is."""
    stored = {section.key: section for section in report.sections.select_related("updated_by")}
    rows = []
    for number, section in enumerate(sections_of(report.kind), 1):
        row = stored.get(section.key)
        text = row.text.strip() if row else ""
        rows.append({"number": number, "section": section, "row": row, "text": text, "start": text[:PREVIEW]})
    return rows


def numbers(report: Report, user: Any) -> dict[str, Any]:
    """The main figures and what does not count; frozen ones once the report was submitted."""
    frozen = report.figures if report.state in workflow.FROZEN else None
    if frozen:
        logs, totals = frozen["logs"], frozen["totals"]
    else:
        scope = statistics.Scope(report.starts_on, report.ends_on, report.contract)
        logs, lines = statistics.log_states(scope), statistics.by_station(scope).values()
        totals = {name: sum(line[name] for line in lines) for name in ("records", "visits", "person_times", "minutes")}
    links = log_links(report, user)
    states = dict(LogState.choices)
    rows = [
        (state, states[state], counts["logs"], counts["records"], links.get(state, ""))
        for state, counts in logs.items()
    ]
    waiting = sum(counts["records"] for state, counts in logs.items() if state != "approved")
    return {"logs": rows, "totals": totals, "waiting": waiting, "frozen": bool(frozen)}


def events(report: Report) -> list[dict[str, Any]]:
    """Submission and decision, newest first."""
    answer = []
    if report.decided_at:
        title = _("Accepted by the bureau") if report.state == ReportState.ACCEPTED else _("Returned by the bureau")
        answer.append({"at": report.decided_at, "who": report.decided_by, "title": title, "text": report.remarks})
    if report.submitted_at:
        text = _("Figures frozen, SHA-256 %(digest)s…") % {"digest": report.figures_digest[:16]}
        answer.append(
            {"at": report.submitted_at, "who": report.submitted_by, "title": _("Submitted to the bureau"), "text": text}
        )
    return answer


class FiguresView(access.Guarded, DetailView):
    """All figures of a report as tables with charts, each with the way to its rows."""

    action = "report.view"
    template_name = "reports/figures.html"
    context_object_name = "report"

    def get_queryset(self) -> Any:
        return reports_of(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = workflow.current_figures(self.object)
        kwargs |= {
            "tables": [
                drawn(table) for table in tables(shown(figures, tuple(BLOCKS)), BLOCKS) if table.key != "places"
            ],
            "query": f"state=approved&{rows_query(self.object)}",
            "frozen": self.object.state in workflow.FROZEN,
        }
        return super().get_context_data(**kwargs)


class OwnReport(access.Guarded):
    """A page for those who write the report; for others it does not exist."""

    action = "report.write"
    kwargs: dict[str, Any]
    request: HttpRequest

    @property
    def report(self) -> Report:
        if not hasattr(self, "_report"):
            rows = Report.objects.open_to(self.request.user).select_related(
                "contract__contractor", "contract__programme"
            )
            self._report = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._report


class SectionEditView(OwnReport, FormView):
    """Write a section with its figures beside it. A stale save is refused and shows both texts."""

    template_name = "reports/section_edit.html"
    form_class = SectionForm
    theirs: ReportSection | None = None

    @property
    def section(self) -> Any:
        found = section_of(self.report.kind, self.kwargs["key"])
        if found is None:
            raise Http404
        return found

    def stored(self) -> ReportSection:
        return get_object_or_404(ReportSection, report=self.report, key=self.section.key)

    def get_initial(self) -> dict[str, Any]:
        row = self.stored()
        return {"text": row.text, "version": row.version}

    def form_valid(self, form: SectionForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            workflow.save_section(self.report, self.section.key, data["text"], data["version"], self.request.user)
        except StaleVersion as error:
            self.theirs = self.stored()
            # Shown again with the newer version: saving a second time is then a decision.
            form.data = form.data.copy()
            form.data["version"] = self.theirs.version
            form.add_error(None, error)
        except ValidationError as error:
            form.add_error("text", error)
        else:
            messages.success(self.request, _("Saved: %(name)s.") % {"name": self.section.name})
            return redirect(self._next() if "next" in self.request.POST else self.address())
        return self.form_invalid(form)

    def form_invalid(self, form: SectionForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def address(self) -> str:
        return reverse("reports:report-detail", args=[self.report.pk]) + "#sections"

    def _next(self) -> str:
        keys = [section.key for section in sections_of(self.report.kind)]
        place = keys.index(self.section.key) + 1
        if place == len(keys):
            return self.address()
        return reverse("reports:section-edit", args=[self.report.pk, keys[place]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = workflow.figures_now(self.report)
        values = quotable(figures)
        kwargs |= {
            "report": self.report,
            "section": self.section,
            "heading": heading(self.report.kind, self.section.key),
            "tables": tables(shown(figures, self.section.blocks), self.section.blocks),
            "query": f"state=approved&{rows_query(self.report)}",
            "quotes": [(name, values[name]) for name in QUOTABLE],
            "theirs": self.theirs,
            "editable": self.report.is_editable,
            "saved_by": self.stored(),
        }
        return super().get_context_data(**kwargs)


class BuildView(access.Guarded, View):
    """Have the PDF and the workbook made; the same inputs give the same files."""

    action = "report.build"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        report = get_object_or_404(Report.objects.open_to(request.user).select_related("contract__programme"), pk=pk)
        try:
            asked = workflow.start_build(report, request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            if asked.started:
                messages.success(request, _("The report is being made. You may leave this page meanwhile."))
            elif asked.build.running:
                messages.info(request, _("The report is already being made; no second one was started."))
            else:
                messages.info(request, _("Nothing has changed since the last files were made; here they are."))
        return redirect(reverse("reports:report-detail", args=[report.pk]) + "#build")


class BuildStatusView(access.Guarded, View):
    """How far the running build is, for the page that waits for it."""

    action = "report.view"

    def get(self, request: HttpRequest, pk: Any) -> JsonResponse:
        builds = Build.objects.visible_to(request.user).filter(report_id=pk).select_related("job", "made_by")
        build = builds.order_by("-created_at").first()
        if build is None:
            raise Http404
        job = build.job
        values = {"done": job.done, "total": job.total}
        return JsonResponse(
            {
                **values,
                "state": job.state,
                "ended": job.is_ended,
                "message": _("%(done)s of %(total)s parts done") % values,
            }
        )


class SubmitView(OwnReport, TemplateView):
    """Look once more at what counts and what is missing, then hand the report in."""

    template_name = "reports/submit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs |= {
            "report": self.report,
            "numbers": numbers(self.report, self.request.user),
            "missing": workflow.missing_texts(self.report),
            "too_early": clock.today() <= self.report.ends_on,
            "editable": self.report.is_editable,
        }
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        try:
            workflow.submit(self.report, request.user)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
            return redirect("reports:submit", pk=pk)
        messages.success(request, _("The report was submitted; the bureau has been told."))
        return redirect("reports:report-detail", pk=pk)


class DecideView(access.Guarded, FormView):
    """Accept or return a submitted report."""

    action = "report.decide"
    template_name = "reports/decide.html"
    form_class = DecisionForm

    @property
    def report(self) -> Report:
        return get_object_or_404(reports_of(self.request.user), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = self.report
        kwargs |= {"report": report, "numbers": numbers(report, self.request.user), "sections": section_rows(report)}
        return super().get_context_data(**kwargs)

    def form_valid(self, form: DecisionForm) -> HttpResponse:
        data = form.cleaned_data
        accept = data["decision"] == DecisionForm.ACCEPT
        try:
            workflow.decide(self.report, self.request.user, accept, data["remarks"])
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("The report was accepted.") if accept else _("The report was returned."))
        return redirect("reports:report-detail", pk=self.kwargs["pk"])

    def form_invalid(self, form: DecisionForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)
