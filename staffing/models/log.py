"""The daily log: one per worker and day, its non-service lines, its append-only thread of events."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import clock
from jinjiang_portal.fields import UUID7Field
from jinjiang_portal.versioned import VersionedModel
from staffing.models.person import Staff
from staffing.querysets import LogLineQuerySet, WorkLogQuerySet
from stations.models import Contract, Station


class LogState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To be reviewed")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")


# The one place that says which moves a log may make.
LOG_MOVES: dict[str, set[str]] = {
    LogState.DRAFT: {LogState.SUBMITTED},
    LogState.SUBMITTED: {LogState.APPROVED, LogState.RETURNED, LogState.DRAFT},
    LogState.RETURNED: {LogState.SUBMITTED},
    # Undone within ten minutes, or opened for correction.
    LogState.APPROVED: {LogState.SUBMITTED, LogState.RETURNED},
}


class WorkLog(VersionedModel):
    """A worker's day at a station (F01). While under review its content is frozen; only approved logs count."""

    id = UUID7Field(primary_key=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="logs")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="logs")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="logs")
    day = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=10, choices=LogState.choices, default=LogState.DRAFT)
    reflection = models.TextField(_("reflections"), blank=True)
    plan = models.TextField(_("plan for tomorrow"), blank=True)
    # Automatic checks at the last submission: [{"code", "level", "values", "record"}] (D2.2).
    findings = models.JSONField(_("automatic checks"), default=list)
    flagged = models.BooleanField(_("needs a closer look"), default=False)
    # Minutes of service records and lines together, written at submission for lists and sums.
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # False when approved in a batch without having been opened by the reviewer.
    opened_before_approval = models.BooleanField(default=True)

    objects = WorkLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily log")
        verbose_name_plural = _("daily logs")
        ordering = ["-day", "staff"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "day"], name="worklog_one_a_day"),
            models.CheckConstraint(
                name="worklog_review_complete",
                condition=~models.Q(state="approved") | models.Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["station", "state", "day"], name="worklog_station_state_day"),
            models.Index(fields=["contract", "state", "day"], name="worklog_contract_state_day"),
        ]

    def __str__(self) -> str:
        return f"{self.staff.name} {self.day}"

    @property
    def is_editable(self) -> bool:
        """Whether the author may still change the content."""
        return self.state in (LogState.DRAFT, LogState.RETURNED)

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 1)


class NonServiceKind(models.TextChoices):
    ADMINISTRATION = "administration", _("Administrative work")
    MEETING = "meeting", _("Meeting")
    TRAINING = "training", _("Training")
    SUPERVISION = "supervision", _("Supervision")
    REGISTERS = "registers", _("Registers and files")
    LEAVE = "leave", _("Leave")
    OTHER = "other", _("Other")


class LogLine(models.Model):
    """A piece of a day that is not a service: meeting, training, administration."""

    id = UUID7Field(primary_key=True)
    log = models.ForeignKey(WorkLog, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(_("kind"), max_length=16, choices=NonServiceKind.choices)
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), validators=[MinValueValidator(5), MaxValueValidator(960)])
    text = models.CharField(_("what was done"), max_length=300)

    objects = LogLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("non-service work")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(name="logline_minutes", condition=models.Q(minutes__gte=1, minutes__lte=1440))
        ]


class LogEventKind(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REVIEW_UNDONE = "review_undone", _("Review undone")
    CORRECTION = "correction", _("Opened for correction")


class LogEvent(models.Model):
    """What happened to a log, append-only: who, when, why, and the content as it stood (`snapshot`)."""

    id = UUID7Field(primary_key=True)
    log = models.ForeignKey(WorkLog, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=16, choices=LogEventKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=16, blank=True)
    text = models.TextField(blank=True)
    snapshot = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
