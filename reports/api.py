"""The reports in the JSON interface: list, one with its figures, and having the files made."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

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

    action_name = "report.view"
    model = Report
    serializer_class = ReportSerializer
    actions_map = {"build": "report.build"}

    def refine(self, rows: Any) -> Any:
        return rows.select_related("contract__contractor", "contract__programme")

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def figures(self, request: Request, pk: Any = None) -> Response:
        """All figures: frozen ones of a submitted report, else counted now from approved records."""
        return Response(workflow.figures_now(self.get_object()))

    @extend_schema(request=None, responses={200: BuildSerializer, 201: BuildSerializer})
    @action(detail=True, methods=["post"])
    def build(self, request: Request, pk: Any = None) -> Response:
        """Have the files made: 201 with a new build, 200 with the running or an equal finished one."""
        report = get_object_or_404(self.refine(Report.objects.open_to(request.user)), pk=pk)
        asked = workflow.start_build(report, request.user)
        code = status.HTTP_201_CREATED if asked.started else status.HTTP_200_OK
        return Response(BuildSerializer(asked.build).data, status=code)


def routes(router: BaseRouter) -> None:
    """Register this app's part of the interface."""
    router.register("reports", ReportViewSet, basename="report")
