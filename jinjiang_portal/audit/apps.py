from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "jinjiang_portal.audit"
    label = "audit"
