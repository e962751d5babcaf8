"""One's own jobs: a list, a page, and their state for pages that show progress."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import DetailView, ListView

from jinjiang_portal import access
from jinjiang_portal.jobs.models import Job


def state_of(job: Job) -> dict[str, Any]:
    """What a page needs to show the job's progress."""
    return {
        "state": job.state,
        "state_label": job.get_state_display(),
        "done": job.done,
        "total": job.total,
        "ended": job.is_ended,
        "message": _(job.error) if job.error and job.is_ended else "",
        "url": reverse("jobs:detail", args=[job.pk]),
    }


class JobListView(access.SignedIn, ListView):
    """What I have set going, newest first."""

    template_name = "jobs/list.html"
    context_object_name = "jobs"
    paginate_by = 30

    def get_queryset(self) -> Any:
        return Job.objects.visible_to(self.request.user).filter(parent=None)


class JobDetailView(access.SignedIn, DetailView):
    """One of my jobs and its parts."""

    template_name = "jobs/detail.html"
    context_object_name = "job"

    def get_queryset(self) -> Any:
        return Job.objects.visible_to(self.request.user)


class JobStateView(access.SignedIn, View):
    """The state as JSON, for pages that show progress."""

    def get(self, request: HttpRequest, pk: Any) -> JsonResponse:
        return JsonResponse(state_of(get_object_or_404(Job.objects.visible_to(request.user), pk=pk)))
