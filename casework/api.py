"""Clients and service records under /api/v1/, over the same querysets and workflow functions as the pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from casework import workflow
from casework.models import Client, ServiceMode, ServiceRecord
from jinjiang_portal import access, identity
from jinjiang_portal.api import ReadViewSet, StrictModelSerializer, StrictSerializer
from staffing.workflow import posting_on
from stations.models import Village


class ClientSerializer(StrictModelSerializer):
    name = serializers.SerializerMethodField()
    id_number = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    village = serializers.CharField(source="village.short_name", read_only=True)
    categories = serializers.SerializerMethodField()

    class Meta:
        model = Client
        fields = [
            "id", "name", "sex", "birth_date", "id_number", "phone", "station_id", "village", "categories", "risk",
            "consent_on", "archived_on",
        ]  # fmt: skip
        read_only_fields = fields

    def get_name(self, client: Client) -> str:
        """The name, masked for roles that need not know who it is."""
        return (
            client.name if access.may(self.context["request"].user, "client.name") else identity.mask_name(client.name)
        )

    def get_id_number(self, client: Client) -> str:
        return identity.mask_id(client.id_number)

    def get_phone(self, client: Client) -> str:
        return identity.mask_phone(client.phone)

    def get_categories(self, client: Any) -> list[str]:
        return [row.category for row in client.current_categories]


class RecordSerializer(StrictModelSerializer):
    item = serializers.CharField(source="item.code", read_only=True)
    staff = serializers.CharField(source="log.staff.name", read_only=True)
    state = serializers.CharField(source="log.state", read_only=True)
    clients = serializers.SerializerMethodField()

    class Meta:
        model = ServiceRecord
        fields = [
            "id", "day", "item", "station_id", "staff", "state", "starts_at", "minutes", "mode", "clients",
            "others_served", "quantity", "met", "process", "result", "follow_up_on", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_clients(self, record: ServiceRecord) -> list[str]:
        return [str(client.pk) for client in record.clients.all()]


class NewRecordSerializer(StrictSerializer):
    """What a new record takes. `id` is made by the sender: the same id again is the same record."""

    id = serializers.UUIDField()
    day = serializers.DateField()
    item = serializers.CharField(max_length=8)
    starts_at = serializers.TimeField(required=False, allow_null=True)
    minutes = serializers.IntegerField(min_value=5, max_value=960)
    mode = serializers.ChoiceField(choices=ServiceMode.choices)
    clients = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=50)
    village = serializers.CharField(required=False, allow_blank=True, default="", help_text="village code")
    others_served = serializers.IntegerField(min_value=0, max_value=5000, required=False, default=0)
    met = serializers.BooleanField(required=False, default=True)
    process = serializers.CharField(max_length=4000)
    result = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    follow_up_on = serializers.DateField(required=False, allow_null=True)


class ClientViewSet(ReadViewSet):
    """Clients within the user's scope; numbers are masked."""

    action_name = "client.view"
    model = Client
    serializer_class = ClientSerializer
    ordering = "id"

    def refine(self, rows: Any) -> Any:
        return rows.select_related("village").with_categories()


class RecordViewSet(ReadViewSet):
    """Service records within the user's scope; workers add to their own day."""

    action_name = "record.view"
    write_action_name = "record.write"
    model = ServiceRecord
    serializer_class = RecordSerializer
    ordering = "-id"

    def refine(self, rows: Any) -> Any:
        return rows.select_related("item", "log__staff").prefetch_related("clients")

    def create(self, request: Request) -> Response:
        """Record a service on one's own day."""
        checked = NewRecordSerializer(data=request.data)
        checked.is_valid(raise_exception=True)
        given = dict(checked.validated_data)
        posting = posting_on(request.user, given["day"])
        if posting is None:
            workflow.log_for(request.user, given["day"])  # says why there is none
        item = get_object_or_404(posting.contract.programme.items, code=given.pop("item"))
        keys = given.pop("clients")
        clients = list(Client.objects.open_to(request.user).filter(pk__in=keys))
        if len(clients) != len(set(keys)):
            raise serializers.ValidationError({"clients": ["A client is not on file at your station."]})
        village = Village.objects.filter(code=given.pop("village")).first()
        record = ServiceRecord(pk=given.pop("id"), item=item, village=village, **given)
        saved = workflow.save_record(record, request.user, clients)
        return Response(RecordSerializer(saved).data, status=status.HTTP_201_CREATED)


def routes(router: BaseRouter) -> None:
    """Register this app's resources."""
    router.register("clients", ClientViewSet, basename="client")
    router.register("records", RecordViewSet, basename="record")
