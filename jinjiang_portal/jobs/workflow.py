"""Queueing jobs, cancelling them, and the periodic look after them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from jinjiang_portal import clock
from jinjiang_portal.jobs import runner
from jinjiang_portal.jobs.doorbell import ring
from jinjiang_portal.jobs.models import ENDED, Job, JobState


@dataclass(frozen=True)
class PartSpec:
    """A part of a larger job."""

    kind: str
    parameters: dict[str, Any] = field(default_factory=dict)
    title: str = ""


def enqueue(
    kind: str,
    owner: Any,
    parameters: dict[str, Any] | None = None,
    title: str = "",
    total: int = 1,
    parts: Iterable[PartSpec] = (),
) -> Job:
    """Write a job in the current transaction; workers hear of it on commit.

    With `parts` the job itself waits until all of them are done; its progress counts its parts, and itself as one more.
    """
    specs = list(parts)
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            owner=owner,
            title=title,
            parameters=parameters or {},
            total=len(specs) + 1 if specs else total,
            state=JobState.WAITING if specs else JobState.QUEUED,
        )
        rows = [Job(kind=s.kind, owner=owner, parent=job, parameters=s.parameters, title=s.title) for s in specs]
        Job.objects.bulk_create(rows)
        for row in rows or [job]:
            ring(row)
    return job


def cancel(job: Job) -> bool:
    """Stop a job and its parts; a worker that holds one loses its lease. False when it had ended."""
    with transaction.atomic():
        ended = {"state": JobState.CANCELLED, "lease": None, "error": "", "ended_at": clock.now()}
        # Parts before the parent, in the order in which a finishing part locks them.
        parts = Job.objects.filter(parent=job).exclude(state__in=ENDED).update(**ended)
        return bool(Job.objects.filter(pk=job.pk).exclude(state__in=ENDED).update(**ended) or parts)


def look_after(now: Any) -> None:
    """Take back what dead workers left, ring again what was not heard, settle parents whose parts have ended."""
    runner.take_back(now)
    unheard = now - timedelta(seconds=settings.JOB_STALE_SECONDS)
    for job in Job.objects.filter(Q(rung_at=None) | Q(rung_at__lt=unheard), state=JobState.QUEUED):
        ring(job)
    waiting = Job.objects.filter(state=JobState.WAITING).exclude(
        parts__state__in=[JobState.QUEUED, JobState.RUNNING, JobState.WAITING]
    )
    for parent in waiting:
        with transaction.atomic():
            runner.settle_parent(parent.pk)


def run_inline(job: Job) -> Job:
    """Do the job and its parts here and now, without a broker."""
    for part in job.parts.filter(state=JobState.QUEUED).order_by("created_at", "pk"):
        runner.run(part.pk, beating=False)
    runner.run(job.pk, beating=False)
    job.refresh_from_db()
    return job
