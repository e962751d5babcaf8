"""Ringing Celery for a job, once what caused it is committed."""

import logging
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerError

from jinjiang_portal import clock
from jinjiang_portal.jobs.models import Job

logger = logging.getLogger("portal.jobs")
TASK = "jinjiang_portal.jobs.tasks.run_job"


def ring(job: Job) -> None:
    """Tell a worker on commit. A broker that is away is no error: the tick rings again."""
    transaction.on_commit(lambda: _send(job.pk))


def _send(job_id: Any) -> None:
    try:
        current_app.send_task(TASK, args=[str(job_id)], retry=False)
    except (BrokerError, OSError) as error:
        logger.warning("broker away", extra={"job": str(job_id), "error": type(error).__name__})
        return
    Job.objects.filter(pk=job_id).update(rung_at=clock.now())
