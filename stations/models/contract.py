"""Contractors and contracts: who won which stations for which days at what price (D1.2, S1, S2, S16)."""

from django.contrib.auth.models import Group
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import clock
from jinjiang_portal.fields import UUID7Field
from stations.models.programme import Programme, Unit
from stations.models.station import Station
from stations.querysets import ContractorQuerySet, ContractQuerySet


class Contractor(models.Model):
    """A social organisation that may win a contract. `group` holds its managers' and accountants' accounts."""

    id = UUID7Field(primary_key=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    business_scope = models.TextField(_("registered business scope"), blank=True, help_text="S2")
    scope_has_social_work = models.BooleanField(_("scope includes social work"), default=False, help_text="S2")
    contact_name = models.CharField(_("contact person"), max_length=40, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=20, blank=True)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="contractor", editable=False)

    objects = ContractorQuerySet.as_manager()

    class Meta:
        verbose_name = _("contractor")
        verbose_name_plural = _("contractors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ContractState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("In force")
    ENDED = "ended", _("Ended")
    TERMINATED = "terminated", _("Terminated early")


class Contract(models.Model):
    """A year's purchase contract between the bureau and a contractor. The amount is in yuan."""

    id = UUID7Field(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="contracts")
    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(_("contract number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=120)
    amount = models.DecimalField(_("amount, yuan"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    starts_on = models.DateField(_("from"), help_text="S16")
    ends_on = models.DateField(_("until, inclusive"), help_text="S16")
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ContractState.choices, default=ContractState.DRAFT)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["-starts_on", "number"]
        constraints = [
            models.CheckConstraint(
                name="contract_period_forward", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(name="contract_amount_not_negative", condition=models.Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.contractor.name}"


class ContractStation(models.Model):
    """A station in a contract from–to; a station is in one contract on any day."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="contract_stations")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="contract_stations")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until, inclusive"))

    class Meta:
        verbose_name = _("contract station")
        ordering = ["station__township__code"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "station"], name="contractstation_once"),
            models.CheckConstraint(
                name="contractstation_period_forward", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
        ]


class ServiceTarget(models.Model):
    """A promised quantity at a station over the contract's period; `items` are the codes that count (D3.2)."""

    contract_station = models.ForeignKey(ContractStation, on_delete=models.CASCADE, related_name="targets")
    code = models.CharField(_("code"), max_length=16)
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60)
    unit = models.CharField(_("unit of count"), max_length=16, choices=Unit.choices)
    items = models.JSONField(_("catalogue items that count"), default=list)
    quantity = models.PositiveIntegerField(_("target"))

    class Meta:
        verbose_name = _("service target")
        ordering = ["contract_station", "id"]
        constraints = [models.UniqueConstraint(fields=["contract_station", "code"], name="servicetarget_once")]

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name_zh
