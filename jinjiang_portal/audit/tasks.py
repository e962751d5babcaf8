"""Celery entry point of the audit trail."""

from celery import shared_task

from jinjiang_portal import clock
from jinjiang_portal.audit import chain


@shared_task(ignore_result=True)
def seal() -> None:
    """Close the new entries of the trail."""
    chain.seal(clock.now())
