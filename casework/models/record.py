"""Service records: who was served, when, where, how long, what was done, what came of it (T1.1–T5.4, D4.1)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.client import Client
from casework.querysets import ServiceRecordQuerySet
from jinjiang_portal import clock
from jinjiang_portal.fields import UUID7Field
from jinjiang_portal.files.models import StoredFile
from jinjiang_portal.versioned import VersionedModel
from staffing.models import WorkLog
from stations.models import ServiceItem, ServiceTag, Station, Village


class ServiceMode(models.TextChoices):
    HOME = "home", _("Home visit")
    PHONE = "phone", _("Phone")
    VIDEO = "video", _("Video call")
    STATION = "station", _("At the station")
    GROUP = "group", _("Group")
    ACTIVITY = "activity", _("Community activity")
    OFFICE = "office", _("Office work")


class ServiceRecord(VersionedModel):
    """One piece of service. It stands on its day's log and shares the log's review state."""

    id = UUID7Field(primary_key=True)
    log = models.ForeignKey(WorkLog, on_delete=models.PROTECT, related_name="service_records")
    # Repeated from the log: station data must be found by station when contracts and logs are others'.
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="service_records")
    item = models.ForeignKey(
        ServiceItem, on_delete=models.PROTECT, related_name="records", verbose_name=_("service item")
    )
    day = models.DateField(_("day"))
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), validators=[MinValueValidator(5), MaxValueValidator(960)])
    mode = models.CharField(_("way of service"), max_length=10, choices=ServiceMode.choices)
    village = models.ForeignKey(
        Village,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="service_records",
        verbose_name=_("village"),
    )
    place = models.CharField(_("place"), max_length=80, blank=True)
    clients = models.ManyToManyField(Client, through="RecordClient", related_name="service_records")
    # People served who are not on file (an open activity, an anonymous caller).
    others_served = models.PositiveIntegerField(_("further people served"), default=0)
    # In the item's own unit of count; persons by default, see rules.count_of.
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    met = models.BooleanField(_("the person was met"), default=True)
    process = models.TextField(_("what was done"))
    result = models.TextField(_("what came of it"), blank=True)
    follow_up_on = models.DateField(_("follow up on"), null=True, blank=True)
    answers = models.JSONField(_("further fields"), default=dict)
    tags = models.ManyToManyField(ServiceTag, blank=True, related_name="records")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ServiceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("service record")
        verbose_name_plural = _("service records")
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["station", "-day", "-id"], name="record_station_day"),
            models.Index(fields=["log"], name="record_log"),
        ]
        constraints = [
            models.CheckConstraint(name="record_minutes", condition=models.Q(minutes__gte=1, minutes__lte=1440)),
        ]


class RecordClient(models.Model):
    """A client in a record."""

    record = models.ForeignKey(ServiceRecord, on_delete=models.CASCADE, related_name="served")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="served_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "client"], name="recordclient_once")]


class RecordFile(models.Model):
    """A photo or paper of a record."""

    record = models.ForeignKey(ServiceRecord, on_delete=models.CASCADE, related_name="files")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="record_file")
