from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BudgetConfig(AppConfig):
    name = "budget"
    verbose_name = _("Budget and vouchers")

    def ready(self) -> None:
        from budget import registration  # noqa: F401
