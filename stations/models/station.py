"""Townships, villages, stations, and a station's year."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stations.models.programme import Programme
from stations.querysets import StationQuerySet


class TownshipKind(models.TextChoices):
    SUBDISTRICT = "subdistrict", _("Subdistrict")
    TOWN = "town", _("Town")
    ZONE = "development_zone", _("Development zone")


class Township(models.Model):
    """A township-level unit of the statistics list. `tile_row`, `tile_column` place it on the tile map, 1-based."""

    code = models.CharField(_("code"), max_length=9, unique=True)
    name = models.CharField(_("name"), max_length=30)
    kind = models.CharField(_("kind"), max_length=16, choices=TownshipKind.choices)
    pilot_town = models.BooleanField(_("pilot town"), default=False, help_text="S4")
    pinyin = models.CharField(max_length=60, blank=True)
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_column = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("township")
        verbose_name_plural = _("townships")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """陈埭 for 陈埭镇: the name as people say it."""
        for ending in ("街道", "镇"):
            if self.name.endswith(ending) and len(self.name) > len(ending) + 1:
                return self.name.removesuffix(ending)
        return self.name.removeprefix("晋江市")


class Village(models.Model):
    """A village or community. Eleven names occur in more than one township: never match by name alone."""

    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="villages")
    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=40)

    class Meta:
        verbose_name = _("village or community")
        verbose_name_plural = _("villages and communities")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.short_name

    @property
    def short_name(self) -> str:
        """梧埭村 for 梧埭村村委会, 青新社区 for 青新社区居委会."""
        return self.name.removesuffix("村委会").removesuffix("居委会") or self.name


class Station(models.Model):
    """A township's service station. It outlives every contract."""

    township = models.OneToOneField(Township, on_delete=models.PROTECT, related_name="station")
    address = models.CharField(_("address"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=80, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ["township__code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The station's full name in the reader's language."""
        if get_language() == "en":
            return f"{self.township.name} station"
        return f"{self.township.name}民政服务站"

    @property
    def short_name(self) -> str:
        return self.township.short_name


class StationYear(models.Model):
    """A station in a programme year: whether it runs, and how many staff it must have (S3, S4)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="station_years")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="years")
    active = models.BooleanField(_("active"), default=True)
    headcount_override = models.PositiveSmallIntegerField(_("staff, if not as the plan says"), null=True, blank=True)

    class Meta:
        verbose_name = _("station year")
        ordering = ["station__township__code"]
        constraints = [models.UniqueConstraint(fields=["programme", "station"], name="stationyear_once")]

    def __str__(self) -> str:
        return f"{self.programme.year} {self.station}"
