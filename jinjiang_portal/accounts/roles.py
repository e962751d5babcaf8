"""The eight roles."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    BUREAU_ADMIN = "bureau_admin", _("Bureau administrator")
    BUREAU_VIEWER = "bureau_viewer", _("Bureau viewer")
    TOWNSHIP_SUPERVISOR = "township_supervisor", _("Township supervisor")
    CONTRACTOR_MANAGER = "contractor_manager", _("Contractor manager")
    CONTRACTOR_FINANCE = "contractor_finance", _("Contractor accountant")
    STATION_WORKER = "station_worker", _("Station social worker")
    INSPECTOR = "inspector", _("Inspector")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
