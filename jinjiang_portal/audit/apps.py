from django.apps import AppConfig
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "jinjiang_portal.audit"
    label = "audit"
    verbose_name = _("Audit trail")

    def ready(self) -> None:
        from auditlog import get_logentry_model

        from jinjiang_portal.accounts.models import User
        from jinjiang_portal.audit import records
        from jinjiang_portal.registry import MenuItem, add_menu

        pre_save.connect(records.without_names, sender=get_logentry_model(), dispatch_uid="audit-without-names")
        records.register(User, exclude=["last_login"])
        add_menu(MenuItem(_("System"), _("Audit trail"), "audit:list", "audit.view", 930, icon="lock"))
