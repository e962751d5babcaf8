"""Claiming, running and finishing a job. Handlers register here by kind."""

import logging
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from jinjiang_portal import clock
from jinjiang_portal.jobs.doorbell import ring
from jinjiang_portal.jobs.models import ENDED, Job, JobState

logger = logging.getLogger("portal.jobs")

Handler = Callable[["Run"], dict[str, Any]]
HANDLERS: dict[str, Handler] = {}
FINISHERS: dict[str, Callable[[Job, dict[str, Any]], None]] = {}
FAILERS: dict[str, Callable[[Job], None]] = {}

GAVE_UP = gettext_noop("The work stopped several times and was given up. The administrator can see why in the log.")
PART_FAILED = gettext_noop("A part of the work failed.")
ACTIVE = {JobState.QUEUED, JobState.RUNNING, JobState.WAITING}


class LostLease(Exception):
    """Another worker has taken the job over: this one must write nothing more."""


class JobRefused(Exception):
    """The work cannot be done, and trying again will not help; the message is a sentence for its owner."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does the work of a kind: given the Run, it answers the job's result as JSON."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


def on_finish(kind: str) -> Callable[[Callable[[Job, dict[str, Any]], None]], Callable[[Job, dict[str, Any]], None]]:
    """Register what happens with the result, in the transaction that checks the lease and marks the job as done."""

    def register(finisher: Callable[[Job, dict[str, Any]], None]) -> Callable[[Job, dict[str, Any]], None]:
        FINISHERS[kind] = finisher
        return finisher

    return register


def on_fail(kind: str) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Register what happens when a job has failed for good, in the transaction that says so."""

    def register(failer: Callable[[Job], None]) -> Callable[[Job], None]:
        FAILERS[kind] = failer
        return failer

    return register


class Run:
    """One attempt at a job, as its handler sees it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.parameters: dict[str, Any] = job.parameters

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job.pk, lease=self.job.lease, state=JobState.RUNNING)

    def holds(self) -> bool:
        """Whether this worker still holds the job."""
        return bool(self._mine().exists())

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far the work is; LostLease when the job is no longer this worker's."""
        values: dict[str, Any] = {"done": done, "heartbeat": clock.now()}
        if total is not None:
            values["total"] = total
        if not self._mine().update(**values):
            raise LostLease(str(self.job.pk))

    def beat(self) -> bool:
        """Say that the worker is alive; False when the job is no longer its own."""
        return bool(self._mine().update(heartbeat=clock.now()))


class _Heart(threading.Thread):
    """Beats for the run while its handler works, on a connection of its own."""

    def __init__(self, run: Run) -> None:
        super().__init__(daemon=True, name=f"heartbeat-{run.job.pk}")
        self.run_, self.stopped = run, threading.Event()

    def run(self) -> None:
        try:
            while not self.stopped.wait(settings.JOB_HEARTBEAT_SECONDS):
                try:
                    if not self.run_.beat():
                        return
                except (OperationalError, InterfaceError):
                    # A locked or absent database: the next beat may reach it, the tick decides otherwise.
                    connection.close()
        finally:
            connection.close()

    def stop(self) -> None:
        self.stopped.set()
        self.join(timeout=5)


def claim(job_id: Any) -> Job | None:
    """Take a queued job: one UPDATE decides between workers. None when there is nothing to take."""
    now, lease = clock.now(), uuid.uuid4()
    taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED, attempt__lt=settings.JOB_MAX_ATTEMPTS).update(
        state=JobState.RUNNING, lease=lease, attempt=F("attempt") + 1, heartbeat=now, started_at=now
    )
    # Read back by its lease: after a long pause the row may be another worker's by now.
    return Job.objects.filter(pk=job_id, lease=lease).first() if taken else None


def run(job_id: Any, *, beating: bool = True) -> None:
    """Do the job if it is there to be done. Never raises for what the handler does: the row tells."""
    job = claim(job_id)
    if job is None:
        return
    attempt = Run(job)
    heart = _Heart(attempt) if beating else None
    if heart:
        heart.start()
    try:
        result = HANDLERS[job.kind](attempt)
        finish(job, result)
    except LostLease:
        logger.warning("lease lost", extra={"job": str(job.pk), "kind": job.kind})
    except JobRefused as refused:
        fail(job, str(refused))
    except Exception as error:
        logger.exception("attempt failed", extra={"job": str(job.pk), "kind": job.kind, "attempt": job.attempt})
        give_back(job, type(error).__name__)
    finally:
        if heart:
            heart.stop()


def finish(job: Job, result: dict[str, Any]) -> None:
    """Mark the job as done and do what follows, in one transaction; LostLease when it is another worker's by now."""
    with transaction.atomic():
        done = Job.objects.filter(pk=job.pk, lease=job.lease, state=JobState.RUNNING).update(
            state=JobState.DONE, done=F("total"), result=result, error="", ended_at=clock.now(), lease=None
        )
        if not done:
            raise LostLease(str(job.pk))
        job.refresh_from_db()
        if finisher := FINISHERS.get(job.kind):
            finisher(job, result)
        if job.parent_id:
            settle_parent(job.parent_id)


def _held(job: Job, silent_since: Any = None) -> Any:
    """The job's row while nobody else has taken it; with `silent_since`, only if it has not beaten since then."""
    rows = Job.objects.filter(pk=job.pk, lease=job.lease).exclude(state__in=ENDED)
    return rows if silent_since is None else rows.filter(heartbeat__lt=silent_since)


def fail(job: Job, sentence: str, silent_since: Any = None) -> None:
    """Mark the job as failed for good."""
    with transaction.atomic():
        ended = {"state": JobState.FAILED, "error": sentence, "ended_at": clock.now(), "lease": None}
        if _held(job, silent_since).update(**ended):
            job.refresh_from_db()
            _after_failure(job)


def give_back(job: Job, why: str, silent_since: Any = None) -> None:
    """After an error: queue the job again, or give it up after JOB_MAX_ATTEMPTS."""
    if job.attempt >= settings.JOB_MAX_ATTEMPTS:
        fail(job, GAVE_UP, silent_since)
        return
    with transaction.atomic():
        mine = _held(job, silent_since).filter(state=JobState.RUNNING)
        if mine.update(state=JobState.QUEUED, lease=None, error=why, rung_at=None):
            ring(job)


def _after_failure(job: Job) -> None:
    if failer := FAILERS.get(job.kind):
        try:
            with transaction.atomic():
                failer(job)
        except Exception:
            # What follows a failure must not keep the job from having failed.
            logger.exception("on_fail failed", extra={"job": str(job.pk), "kind": job.kind})
    if job.parent_id:
        settle_parent(job.parent_id)


def settle_parent(parent_id: Any) -> None:
    """Count the parts that are done; queue the parent when all are, fail it when one has failed. In a transaction."""
    parent = Job.objects.select_for_update().get(pk=parent_id)
    if parent.state != JobState.WAITING:
        return
    states = list(parent.parts.values_list("state", flat=True))
    if JobState.FAILED in states:
        broken = parent.parts.filter(state=JobState.FAILED).first()
        parent.parts.filter(Q(state=JobState.QUEUED) | Q(state=JobState.WAITING)).update(
            state=JobState.CANCELLED, ended_at=clock.now()
        )
        Job.objects.filter(pk=parent.pk).update(
            state=JobState.FAILED, error=broken.error if broken else PART_FAILED, ended_at=clock.now()
        )
        parent.refresh_from_db()
        _after_failure(parent)
        return
    if JobState.CANCELLED in states and not set(states) & ACTIVE:
        Job.objects.filter(pk=parent.pk).update(state=JobState.CANCELLED, ended_at=clock.now())
        return
    done = states.count(JobState.DONE)
    values: dict[str, Any] = {"done": done}
    if done == len(states):
        values |= {"state": JobState.QUEUED, "rung_at": None}
    Job.objects.filter(pk=parent.pk).update(**values)
    if "state" in values:
        ring(parent)


def take_back(now: Any) -> int:
    """Queue what dead workers left, or give it up after JOB_MAX_ATTEMPTS; answers how many there were."""
    silent = now - timedelta(seconds=settings.JOB_STALE_SECONDS)
    stale = Job.objects.filter(state=JobState.RUNNING, heartbeat__lt=silent)
    count = 0
    for job in stale:
        count += 1
        give_back(job, "no heartbeat", silent)
    return count


def tidy_connection() -> None:
    """Drop a connection the database has closed, before a task uses it."""
    close_old_connections()
