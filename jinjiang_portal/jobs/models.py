"""Job: one row per piece of background work, its state, progress, heartbeat and result."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jinjiang_portal.fields import UUID7Field


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting for its parts")
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


ENDED = [JobState.DONE, JobState.FAILED, JobState.CANCELLED]


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Any) -> "JobQuerySet":
        return self.filter(owner_id=user.pk)

    def ended(self) -> "JobQuerySet":
        return self.filter(state__in=ENDED)


class Job(models.Model):
    """A piece of work. With parts (`parent` set on them) it waits until all of them are done, then runs itself."""

    id = UUID7Field(primary_key=True)
    kind = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="jobs")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="parts")
    title = models.CharField(max_length=120, blank=True)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=1)
    attempt = models.PositiveSmallIntegerField(default=0)
    # Set anew at every claim: a worker that comes back from the dead no longer holds it and can write nothing.
    lease = models.UUIDField(null=True, default=None)
    heartbeat = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "heartbeat"], name="job_state_heartbeat"),
            models.Index(fields=["owner", "-created_at"], name="job_owner_created"),
        ]
        constraints = [
            models.CheckConstraint(name="job_progress_within_total", condition=models.Q(done__lte=models.F("total"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @staticmethod
    def new_lease() -> uuid.UUID:
        return uuid.uuid4()
