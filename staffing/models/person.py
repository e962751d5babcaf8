"""Staff files, certificates, postings and vacancies."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jinjiang_portal.fields import EncryptedField, UUID7Field
from jinjiang_portal.versioned import VersionedModel
from staffing.querysets import CertificateQuerySet, PostingQuerySet, StaffQuerySet, VacancyQuerySet
from stations.models import Contract, Contractor, Education, Station


class Sex(models.TextChoices):
    MALE = "male", _("male")
    FEMALE = "female", _("female")


class Staff(VersionedModel):
    """A person employed by a contractor for the stations; the file is the bureau's and the contractor's alone."""

    id = UUID7Field(primary_key=True)
    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, related_name="staff")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="staff"
    )
    name = models.CharField(_("name"), max_length=40)
    pinyin = models.CharField(max_length=120, blank=True, editable=False)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices)
    birth_date = models.DateField(_("date of birth"))
    id_number = EncryptedField(_("ID number"), blank=True)
    id_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    phone = EncryptedField(_("phone"), blank=True)
    education = models.CharField(_("education"), max_length=12, choices=Education.choices, help_text="S6b")
    major = models.CharField(_("major"), max_length=60, blank=True, help_text="S6c")
    school = models.CharField(_("school"), max_length=80, blank=True)
    hired_on = models.DateField(_("hired on"), null=True, blank=True)
    left_on = models.DateField(_("last day"), null=True, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        ordering = ["pinyin", "id"]
        constraints = [
            models.CheckConstraint(
                name="staff_leaves_after_hiring",
                condition=models.Q(left_on=None)
                | models.Q(hired_on=None)
                | models.Q(left_on__gte=models.F("hired_on")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class CertificateLevel(models.TextChoices):
    JUNIOR = "junior", _("Junior social worker")
    INTERMEDIATE = "intermediate", _("Social worker")
    SENIOR = "senior", _("Senior social worker")


class Certificate(models.Model):
    """A national social-worker certificate; it counts from `issued_on`, whatever its registration (S8, S12a)."""

    id = UUID7Field(primary_key=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="certificates")
    level = models.CharField(_("level"), max_length=12, choices=CertificateLevel.choices)
    number = models.CharField(_("management number"), max_length=40)
    issued_on = models.DateField(_("issued on"), help_text="S12a")
    registered_until = models.DateField(_("registration valid until"), null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_on"]
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="certificate_number_once")]


class Posting(models.Model):
    """A person at a station from–to inclusive, under a contract; one posting per person and day (D3.1)."""

    id = UUID7Field(primary_key=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="postings")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="postings")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="postings")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until, inclusive"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="posting_period_forward",
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
            ),
            # At most one open posting per person; overlaps of closed ones are refused by workflow.
            models.UniqueConstraint(fields=["staff"], condition=models.Q(ends_on=None), name="posting_one_open"),
        ]


class Vacancy(models.Model):
    """A post of a station that stands empty: open from the day after the leaver's last day, due by S5."""

    id = UUID7Field(primary_key=True)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="vacancies")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="vacancies")
    left_by = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="vacancies_left")
    last_day = models.DateField(_("last day of the leaver"), help_text="S5")
    due_on = models.DateField(_("to be filled by"), help_text="S5")
    due_because = models.CharField(_("how the day was found"), max_length=200, blank=True)
    filled_by = models.OneToOneField(
        Posting, null=True, blank=True, on_delete=models.PROTECT, related_name="vacancy_filled"
    )
    filled_on = models.DateField(_("filled on"), null=True, blank=True)

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("vacancy")
        verbose_name_plural = _("vacancies")
        ordering = ["due_on"]
        constraints = [
            models.CheckConstraint(
                name="vacancy_filled_after_leaving",
                condition=models.Q(filled_on=None) | models.Q(filled_on__gte=models.F("last_day")),
            )
        ]

    def days_open(self, day: date) -> int:
        """Days the post stood empty, until it was filled or until `day`."""
        return max(0, ((self.filled_on or day) - self.last_day).days)
