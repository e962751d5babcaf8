"""Vouchers under /api/v1/, over the same querysets as the pages."""

from typing import Any

from rest_framework import serializers
from rest_framework.routers import BaseRouter

from budget.models import Voucher
from jinjiang_portal.api import ReadViewSet, StrictModelSerializer


class VoucherSerializer(StrictModelSerializer):
    contract = serializers.CharField(source="contract.number", read_only=True)
    subject = serializers.CharField(source="line.subject.code", read_only=True)

    class Meta:
        model = Voucher
        fields = [
            "id", "contract", "number", "day", "subject", "station_id", "amount", "payee", "purpose", "invoice_number",
            "state",
        ]  # fmt: skip
        read_only_fields = fields


class VoucherViewSet(ReadViewSet):
    """Vouchers of the contracts within the user's scope."""

    action_name = "voucher.view"
    model = Voucher
    serializer_class = VoucherSerializer
    ordering = "-id"

    def refine(self, rows: Any) -> Any:
        return rows.select_related("contract", "line__subject")


def routes(router: BaseRouter) -> None:
    """Register this app's resources."""
    router.register("vouchers", VoucherViewSet, basename="voucher")
