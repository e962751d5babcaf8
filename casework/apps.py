from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = _("Clients and services")

    def ready(self) -> None:
        from casework import registration  # noqa: F401
