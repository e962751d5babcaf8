"""Celery entry points of the jobs."""

from celery import shared_task

from jinjiang_portal import clock
from jinjiang_portal.jobs import runner, workflow


@shared_task(ignore_result=True)
def run_job(job_id: str) -> None:
    """Do the job, if it is still to be done."""
    runner.tidy_connection()
    runner.run(job_id)


@shared_task(ignore_result=True)
def tick() -> None:
    """Look after the jobs; beat calls it every few seconds."""
    runner.tidy_connection()
    workflow.look_after(clock.now())
