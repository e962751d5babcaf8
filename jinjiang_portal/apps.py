from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "jinjiang_portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from jinjiang_portal.pdf.fonts import check_fonts

        checks.register(check_fonts, "portal")
