"""Stations and contracts under /api/v1/, over the same querysets as the pages."""

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.routers import BaseRouter

from jinjiang_portal.api import ReadViewSet, StrictModelSerializer
from stations.models import Contract, ContractStation, Station


class StationSerializer(StrictModelSerializer):
    name = serializers.CharField(read_only=True)
    township = serializers.CharField(source="township.name", read_only=True)
    township_code = serializers.CharField(source="township.code", read_only=True)

    class Meta:
        model = Station
        fields = ["id", "name", "township", "township_code", "address", "phone", "opening_hours"]
        read_only_fields = fields


class LotSerializer(StrictModelSerializer):
    station = serializers.CharField(source="station.name", read_only=True)

    class Meta:
        model = ContractStation
        fields = ["station_id", "station", "starts_on", "ends_on"]
        read_only_fields = fields


class ContractSerializer(StrictModelSerializer):
    contractor = serializers.CharField(source="contractor.name", read_only=True)
    stations = LotSerializer(source="contract_stations", many=True, read_only=True)

    class Meta:
        model = Contract
        fields = ["id", "number", "title", "contractor", "amount", "starts_on", "ends_on", "state", "stations"]
        read_only_fields = fields


class StationViewSet(ReadViewSet):
    """Stations within the user's scope."""

    action_name = "station.view"
    model = Station
    serializer_class = StationSerializer
    ordering = "id"

    def refine(self, rows: Any) -> Any:
        return rows.select_related("township")


class ContractViewSet(ReadViewSet):
    """Contracts within the user's scope, with their stations."""

    action_name = "contract.view"
    model = Contract
    serializer_class = ContractSerializer
    ordering = "id"

    def refine(self, rows: Any) -> Any:
        lots = ContractStation.objects.select_related("station__township")
        return rows.select_related("contractor").prefetch_related(Prefetch("contract_stations", lots))


def routes(router: BaseRouter) -> None:
    """Register this app's resources."""
    router.register("stations", StationViewSet, basename="station")
    router.register("contracts", ContractViewSet, basename="contract")
