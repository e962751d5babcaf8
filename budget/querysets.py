"""Named questions about budget lines and vouchers."""

from typing import Any

from django.apps import apps
from django.db import models


class ContractMoney(models.QuerySet[Any]):
    """Rows of a contract's ledger: seen by the bureau and the parties of the contract, never by a successor."""

    def visible_to(self, user: Any) -> "ContractMoney":
        return self.filter(contract__in=apps.get_model("stations", "contract").objects.visible_to(user))

    def open_to(self, user: Any) -> "ContractMoney":
        return self.filter(contract__in=apps.get_model("stations", "contract").objects.open_to(user))


class BudgetLineQuerySet(ContractMoney):
    pass


class VoucherQuerySet(ContractMoney):
    def spent(self) -> "VoucherQuerySet":
        """Vouchers that count as spending: the approved ones."""
        return self.filter(state="approved")
