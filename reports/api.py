"""The reports in the JSON interface: list, one with its figures, and having the files made."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jinjiang_portal import access
from jinjiang_portal.api import ReadViewSet, StrictModelSerializer
from reports import workflow
from reports.models import Build, Report


class ReportSerializer(StrictModelSerializer):
    """A report; `figures` are the frozen ones and null before the first submission."""

    contract = serializers.CharField(source="contract.number", read_only=True)
    contractor = serializers.CharField(source="contract.contractor.name", read_only=True)

    class Meta:
        model = Report
        fields = [
            "id", "contract", "contractor", "kind", "starts_on", "ends_on", "due_on", "state", "submitted_at",
            "decided_at", "remarks", "figures_at", "figures_digest", "version",
        ]  # fmt: skip
        read_only_fields = fields


class BuildSerializer(StrictModelSerializer):
    """A making of the files: how far it is, and where they are when it is done."""

    state = serializers.CharField(source="job.state", read_only=True)
    done = serializers.IntegerField(source="job.done", read_only=True)
    total = serializers.IntegerField(source="job.total", read_only=True)
    pdf = serializers.SerializerMethodField()
    workbook = serializers.SerializerMethodField()

    class Meta:
        model = Build
        fields = ["id", "state", "running", "done", "total", "pages", "pdf", "workbook", "figures_digest", "created_at"]
        read_only_fields = fields

    def get_pdf(self, build: Build) -> str | None:
        return reverse("files:download", args=[build.pdf_id]) if build.pdf_id else None

    def get_workbook(self, build: Build) -> str | None:
        return reverse("files:download", args=[build.workbook_id]) if build.workbook_id else None


class ReportViewSet(ReadViewSet):
    """Reports within the caller's scope."""

    queryset = Report.objects.none()
    serializer_class = ReportSerializer
    action_name = "report.view"
    write_action_name = "report.build"

    def get_queryset(self) -> Any:
        return Report.objects.visible_to(self.request.user).select_related("contract__contractor")

    @action(detail=True, methods=["get"])
    def figures(self, request: Request, pk: Any = None) -> Response:
        """All figures: frozen ones of a submitted report, else counted now from approved records."""
        return Response(workflow.figures_now(self.get_object()))

    @action(detail=True, methods=["post"], serializer_class=BuildSerializer)
    def build(self, request: Request, pk: Any = None) -> Response:
        """Have the files made: 201 with a new build, 200 with the running or an equal finished one."""
        if not access.may(request.user, "report.build"):
            raise PermissionDenied
        report = get_object_or_404(Report.objects.open_to(request.user).select_related("contract__programme"), pk=pk)
        try:
            asked = workflow.start_build(report, request.user)
        except ValidationError as error:
            raise serializers.ValidationError({"detail": error.messages}) from error
        code = status.HTTP_201_CREATED if asked.started else status.HTTP_200_OK
        return Response(BuildSerializer(asked.build).data, status=code)


def routes(router: Any) -> None:
    """Register this app's part of the interface."""
    router.register("reports", ReportViewSet, basename="report")
