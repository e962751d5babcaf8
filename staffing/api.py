"""Staff, vacancies and daily logs under /api/v1/, over the same querysets and workflow functions as the pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from jinjiang_portal import identity
from jinjiang_portal.api import ReadViewSet, StrictModelSerializer, StrictSerializer
from staffing import rules, workflow
from staffing.models import LogLine, Staff, Vacancy, WorkLog


class StaffSerializer(StrictModelSerializer):
    contractor = serializers.CharField(source="contractor.name", read_only=True)
    id_number = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()

    class Meta:
        model = Staff
        fields = ["id", "name", "sex", "education", "major", "contractor", "id_number", "phone", "hired_on", "left_on"]
        read_only_fields = fields

    def get_id_number(self, person: Staff) -> str:
        """Masked; the full number is shown by the page that asks for a reason."""
        return identity.mask_id(person.id_number)

    def get_phone(self, person: Staff) -> str:
        return identity.mask_phone(person.phone)


class VacancySerializer(StrictModelSerializer):
    station = serializers.CharField(source="station.name", read_only=True)

    class Meta:
        model = Vacancy
        fields = ["id", "station_id", "station", "last_day", "due_on", "due_because", "filled_on"]
        read_only_fields = fields


class LineSerializer(StrictModelSerializer):
    class Meta:
        model = LogLine
        fields = ["id", "kind", "starts_at", "minutes", "text"]


class LogSerializer(StrictModelSerializer):
    staff = serializers.CharField(source="staff.name", read_only=True)
    station = serializers.CharField(source="station.name", read_only=True)
    findings = serializers.SerializerMethodField()
    lines = LineSerializer(many=True, read_only=True)

    class Meta:
        model = WorkLog
        fields = [
            "id", "day", "staff", "station_id", "station", "state", "minutes", "flagged", "findings", "lines",
            "reflection", "plan", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_findings(self, log: WorkLog) -> list[str]:
        return [rules.sentence(found) for found in log.findings]


class DecisionSerializer(StrictSerializer):
    version = serializers.IntegerField()


class ReturnSerializer(DecisionSerializer):
    reason = serializers.CharField(max_length=16)
    text = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class StaffViewSet(ReadViewSet):
    """Staff within the user's scope; numbers are masked."""

    action_name = "staff.view"
    model = Staff
    serializer_class = StaffSerializer
    ordering = "id"

    def refine(self, rows: Any) -> Any:
        return rows.select_related("contractor")


class VacancyViewSet(ReadViewSet):
    """Vacancies within the user's scope (S5)."""

    action_name = "vacancy.view"
    model = Vacancy
    serializer_class = VacancySerializer
    ordering = "id"

    def refine(self, rows: Any) -> Any:
        return rows.select_related("station__township")


class LogViewSet(ReadViewSet):
    """Daily logs within the user's scope; authors hand in, townships approve and return."""

    action_name = "log.view"
    model = WorkLog
    serializer_class = LogSerializer
    ordering = "-id"
    actions_map = {"submit": "log.write", "approve": "log.review", "give_back": "log.review"}

    def refine(self, rows: Any) -> Any:
        return rows.select_related("staff", "station__township").prefetch_related("lines")

    def _log(self, pk: Any) -> WorkLog:
        return get_object_or_404(WorkLog.objects.visible_to(self.request.user), pk=pk)

    def _given(self, serializer: type[StrictSerializer]) -> dict[str, Any]:
        checked = serializer(data=self.request.data)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)

    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: Any = None) -> Response:
        """Hand one's log in; `version` is the one that was looked at."""
        log = workflow.submit_log(self._log(pk), request.user, **self._given(DecisionSerializer))
        return Response(LogSerializer(log).data)

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: Any = None) -> Response:
        """Approve a submitted log."""
        log = workflow.approve_log(self._log(pk), request.user, **self._given(DecisionSerializer))
        return Response(LogSerializer(log).data)

    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: Any = None) -> Response:
        """Return a submitted log with a reason of the programme's list."""
        log = workflow.return_log(self._log(pk), request.user, **self._given(ReturnSerializer))
        return Response(LogSerializer(log).data)


def routes(router: BaseRouter) -> None:
    """Register this app's resources."""
    router.register("staff", StaffViewSet, basename="staff")
    router.register("vacancies", VacancyViewSet, basename="vacancy")
    router.register("logs", LogViewSet, basename="log")
