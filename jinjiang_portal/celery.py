"""The Celery application. The broker is only a doorbell: the row in `jobs.Job` is the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinjiang_portal.settings")

app = Celery("jinjiang_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
