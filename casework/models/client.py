"""People served, their households and categories (G1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.querysets import ClientQuerySet, HouseholdQuerySet
from jinjiang_portal import clock
from jinjiang_portal.fields import EncryptedField, UUID7Field
from jinjiang_portal.versioned import VersionedModel
from staffing.models import Sex
from stations.models import Station, Village


class RiskLevel(models.TextChoices):
    GREEN = "green", _("Low risk (green)")
    YELLOW = "yellow", _("Medium risk (yellow)")
    RED = "red", _("High risk (red)")


class Category(models.TextChoices):
    """Official categories; the first letters name the group (relief, elderly, children, disabled, other)."""

    URBAN_MINIMUM = "R-DB-C", _("Urban minimum living allowance")
    RURAL_MINIMUM = "R-DB-N", _("Rural minimum living allowance")
    DESTITUTE_HOME = "R-TK-F", _("Destitute, supported at home")
    DESTITUTE_CARE = "R-TK-J", _("Destitute, supported in an institution")
    MINIMUM_EDGE = "R-DBB", _("Low-income edge family")
    RIGID_SPENDING = "R-ZCX", _("Family in hardship from rigid spending")
    TEMPORARY_RELIEF = "R-LS", _("Temporary relief")
    FOUR_HELPS = "R-SB", _("“Four helps, four supports” household")
    ELDER_LEFT_BEHIND = "E-LS", _("Left-behind elder")
    ELDER_EMPTY_NEST = "E-KC", _("Empty-nest elder")
    ELDER_ALONE = "E-DJ", _("Elder living alone")
    ELDER_EIGHTY = "E-GL", _("Elder aged 80 or over")
    ELDER_DISABLED = "E-SN", _("Elder with lost abilities")
    ELDER_DESTITUTE = "E-TK", _("Destitute elder")
    ELDER_ONLY_CHILD = "E-JS", _("Elder of a special family-planning family")
    ORPHAN_SCATTERED = "C-GS", _("Orphan living with relatives")
    ORPHAN_CARE = "C-GJ", _("Orphan in an institution")
    CHILD_UNATTENDED = "C-SW", _("Child de facto without care")
    CHILD_LEFT_BEHIND = "C-LS", _("Left-behind child")
    CHILD_OWN_HARDSHIP = "C-CB", _("Child in difficulty: own disability or illness")
    CHILD_FAMILY_HARDSHIP = "C-PK", _("Child in difficulty: poor family")
    CHILD_CARE_HARDSHIP = "C-JH", _("Child in difficulty: guardianship")
    CHILD_MIGRANT = "C-LD", _("Migrant child")
    DISABLED = "D-CJ", _("Disabled person")
    MENTAL_REHABILITATION = "O-JZ", _("Mental-health rehabilitation")
    HOMELESS = "O-LL", _("Homeless person")
    CORRECTION = "O-SJ", _("Community correction")
    LOW_INCOME = "O-DS", _("Low income")
    RESIDENT = "O-JM", _("Resident")


class DocumentKind(models.TextChoices):
    ID_CARD = "id_card", _("Resident ID card")
    RESIDENCE_PERMIT = "residence_permit", _("Residence permit for Hong Kong, Macao or Taiwan residents")
    FOREIGN_PERMIT = "foreign_permit", _("Foreigner's permanent residence card")
    PASSPORT = "passport", _("Passport")
    NONE = "none", _("No document yet, to be verified")


class Household(models.Model):
    """A family at one address."""

    id = UUID7Field(primary_key=True)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="households")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="households")
    name = models.CharField(_("household"), max_length=60)
    address = models.CharField(_("address"), max_length=120, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")

    def __str__(self) -> str:
        return self.name


class Client(VersionedModel):
    """A person served by a station. Numbers are encrypted at rest, with keyed hashes for look-up and duplicates."""

    id = UUID7Field(primary_key=True)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="clients")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="clients", verbose_name=_("village"))
    household = models.ForeignKey(
        Household, null=True, blank=True, on_delete=models.PROTECT, related_name="members", verbose_name=_("household")
    )
    relation_to_head = models.CharField(_("relation to the head of household"), max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=40)
    pinyin = models.CharField(max_length=120, blank=True, editable=False)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices)
    birth_date = models.DateField(_("date of birth"))
    document_kind = models.CharField(
        _("document"), max_length=20, choices=DocumentKind.choices, default=DocumentKind.ID_CARD
    )
    id_number = EncryptedField(_("ID number"), blank=True)
    id_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    id_tail_hash = models.CharField(max_length=64, blank=True, editable=False)
    phone = EncryptedField(_("phone"), blank=True)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False)
    phone_tail_hash = models.CharField(max_length=64, blank=True, editable=False)
    address = EncryptedField(_("address"), blank=True)
    guardian_name = models.CharField(_("guardian"), max_length=40, blank=True)
    guardian_relation = models.CharField(_("guardian's relation"), max_length=20, blank=True)
    guardian_phone = EncryptedField(_("guardian's phone"), blank=True)
    living = models.CharField(_("lives with"), max_length=60, blank=True)
    risk = models.CharField(_("risk level"), max_length=6, choices=RiskLevel.choices, default=RiskLevel.GREEN)
    consent_on = models.DateField(_("consent given on"), null=True, blank=True)
    consent_how = models.CharField(_("how consent was given"), max_length=60, blank=True)
    note = models.TextField(_("remarks"), blank=True)
    archived_on = models.DateField(_("archived on"), null=True, blank=True)
    archived_because = models.CharField(_("reason for archiving"), max_length=120, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["pinyin", "id"]
        indexes = [
            models.Index(fields=["station", "pinyin", "id"], name="client_station_pinyin"),
            models.Index(fields=["id_tail_hash"], name="client_id_tail"),
            models.Index(fields=["phone_tail_hash"], name="client_phone_tail"),
            models.Index(fields=["phone_hash"], name="client_phone"),
            models.Index(fields=["birth_date", "name"], name="client_birth_name"),
        ]
        constraints = [
            models.CheckConstraint(
                name="client_archived_with_reason",
                condition=models.Q(archived_on=None) | ~models.Q(archived_because=""),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ClientCategory(models.Model):
    """A category of a client from–to, with its basis; government identifies, the station records."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="categories")
    category = models.CharField(_("category"), max_length=8, choices=Category.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until, inclusive"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=120, blank=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["client", "category", "starts_on"], name="clientcategory_once"),
            models.CheckConstraint(
                name="clientcategory_period_forward",
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
            ),
        ]


class ClientKey(models.Model):
    """A search key of a client's name: characters, pinyin or initials, in every reading, found by prefix."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["key", "client"], name="clientkey_key")]
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="clientkey_once")]
