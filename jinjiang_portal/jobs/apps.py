from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jinjiang_portal.jobs"
    label = "jobs"
