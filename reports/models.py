"""Reports, their sections, builds and the cached parts builds are made of."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import clock
from jinjiang_portal.fields import UUID7Field
from jinjiang_portal.files.models import StoredFile
from jinjiang_portal.jobs.models import Job
from jinjiang_portal.versioned import VersionedModel
from reports.querysets import BuildQuerySet, ReportQuerySet
from stations.models import Contract


class ReportKind(models.TextChoices):
    MIDTERM = "midterm", _("Mid-term report")
    FINAL = "final", _("Final report")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To be accepted by the bureau")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


# The one place that says which moves a report may make.
REPORT_MOVES: dict[str, set[str]] = {
    ReportState.DRAFT: {ReportState.SUBMITTED},
    ReportState.SUBMITTED: {ReportState.ACCEPTED, ReportState.RETURNED},
    ReportState.RETURNED: {ReportState.SUBMITTED},
    ReportState.ACCEPTED: set(),
}


class Report(VersionedModel):
    """A work report of a contract over a period, both days included (D3.5)."""

    id = UUID7Field(primary_key=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(_("kind"), max_length=8, choices=ReportKind.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until, inclusive"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    # Figures as they stood at submission, their instant and the SHA-256 of their canonical JSON.
    figures = models.JSONField(null=True)
    figures_at = models.DateTimeField(null=True)
    figures_digest = models.CharField(max_length=64, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remarks = models.TextField(_("remarks of the bureau"), blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-ends_on", "contract"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "kind"], name="report_once"),
            models.CheckConstraint(
                name="report_period_forward", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract.number} {self.get_kind_display()}"

    @property
    def is_editable(self) -> bool:
        return self.state in (ReportState.DRAFT, ReportState.RETURNED)


class ReportSection(VersionedModel):
    """The narrative of one section, written by the contractor; figures beside it come from the system."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=24)
    text = models.TextField(_("text"), blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="reportsection_once")]


class Build(models.Model):
    """One making of a report's PDF and workbook, from figures taken at its start. One running build per report."""

    id = UUID7Field(primary_key=True)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="builds")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="build")
    running = models.BooleanField(default=True)
    figures = models.JSONField(default=dict)
    figures_digest = models.CharField(max_length=64)
    pdf = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="pdf_of_build")
    workbook = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="workbook_of_build")
    pages = models.PositiveIntegerField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = BuildQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["report"], condition=models.Q(running=True), name="build_one_running"),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.created_at:%Y-%m-%d %H:%M}"


class BuildPart(models.Model):
    """A finished part of a build, found again by the hash of what it was made from."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16)
    content = models.BinaryField()
    outline = models.JSONField(default=list)
    pages = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"
