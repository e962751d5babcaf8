"""The programme year: every number and list of the plan as data, each with its clause code (D1.1)."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Education(models.TextChoices):
    """The education ladder, lowest first."""

    HIGH_SCHOOL = "high_school", _("Senior high school or below")
    SECONDARY = "secondary", _("Secondary vocational school")
    COLLEGE = "college", _("Junior college")
    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master")
    DOCTOR = "doctor", _("Doctor")


class Bilingual(models.Model):
    """A row of the plan's own vocabulary: its Chinese name and an English one."""

    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name_zh


class Programme(Bilingual):
    """A year of the purchase project. Shares are in percent of the contract price, periods in days or months."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    starts_on = models.DateField(_("from"), help_text="S16")
    ends_on = models.DateField(_("until, inclusive"), help_text="S16")
    # S3, S4
    default_headcount = models.PositiveSmallIntegerField(_("staff per station"), default=2, help_text="S3")
    pilot_headcount = models.PositiveSmallIntegerField(_("staff per pilot-town station"), default=3, help_text="S4")
    # S5
    refill_months = models.PositiveSmallIntegerField(_("months to fill a vacancy"), default=1, help_text="S5")
    refill_rolls_past_rest_days = models.BooleanField(
        _("vacancy deadline rolls past rest days"), default=True, help_text="S5"
    )
    # S6
    age_limit = models.PositiveSmallIntegerField(_("age limit at posting, included"), default=45, help_text="S6a")
    education_floor = models.CharField(
        _("lowest education"), max_length=12, choices=Education.choices, default=Education.COLLEGE, help_text="S6b"
    )
    related_majors = models.JSONField(_("social work and related majors"), default=list, help_text="S6c")
    exam_majors = models.JSONField(_("majors that count as social work for the exam"), default=list, help_text="S7")
    # S8
    certified_target = models.DecimalField(
        _("certified-rate target, percent"), max_digits=5, decimal_places=2, default=Decimal("60.00"), help_text="S8"
    )
    certified_target_on = models.DateField(_("certified-rate target date"), help_text="S8")
    share_tolerance = models.DecimalField(
        _("tolerance of a share after a move, percentage points"),
        max_digits=4,
        decimal_places=2,
        default=Decimal("0.00"),
        help_text="R3",
    )
    # D3.5
    midterm_cutoff = models.DateField(_("mid-term report covers until"), help_text="D3.5")
    midterm_due = models.DateField(_("mid-term report due"), help_text="D3.5")
    final_due = models.DateField(_("final report due"), help_text="D3.5")
    # D2.2: a week's logs are to be reviewed by this many days after its Sunday
    review_days_after_week = models.PositiveSmallIntegerField(
        _("days to review a week's logs"), default=3, help_text="D2.2"
    )
    log_late_after_days = models.PositiveSmallIntegerField(_("a log is late after days"), default=7, help_text="D4.1")
    batch_sample_percent = models.PositiveSmallIntegerField(
        _("percent of a batch to be opened before approval"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text="D2.2",
    )
    similarity_percent = models.PositiveSmallIntegerField(
        _("text similarity that is pointed out, percent"),
        default=85,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
        help_text="D2.2",
    )
    day_hours_limit = models.DecimalField(
        _("hours of a day that are pointed out"),
        max_digits=4,
        decimal_places=1,
        default=Decimal("10.0"),
        help_text="D2.2",
    )
    spend_warning_percent = models.PositiveSmallIntegerField(
        _("budget line warning, percent"), default=80, help_text="R3"
    )
    pace_amber_points = models.PositiveSmallIntegerField(
        _("behind the clock, points, amber"), default=10, help_text="D3.2"
    )
    pace_red_points = models.PositiveSmallIntegerField(_("behind the clock, points, red"), default=20, help_text="D3.2")
    station_title_zh = models.CharField(_("title of a station in Chinese"), max_length=20, default="民政服务站")
    station_title_en = models.CharField(
        _("title of a station in English"), max_length=60, default="Civil-Affairs Service Station"
    )

    class Meta:
        verbose_name = _("programme year")
        verbose_name_plural = _("programme years")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="programme_period_forward", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="programme_midterm_inside",
                condition=models.Q(midterm_cutoff__gte=models.F("starts_on"), midterm_cutoff__lte=models.F("ends_on")),
            ),
        ]


class BudgetShare(Bilingual):
    """One of the four shares of the contract price (S9–S12)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="shares")
    code = models.CharField(_("code"), max_length=12)
    clause = models.CharField(_("clause"), max_length=6)
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("budget share")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="budgetshare_once_a_year"),
            models.CheckConstraint(name="budgetshare_percent", condition=models.Q(percent__gte=0, percent__lte=100)),
        ]


class BudgetSubject(Bilingual):
    """A sub-subject under a share (DOMAIN 5, FIELD_REFERENCE 6.2)."""

    share = models.ForeignKey(BudgetShare, on_delete=models.CASCADE, related_name="subjects")
    code = models.CharField(_("code"), max_length=12)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("budget subject")
        ordering = ["share__order", "order"]
        constraints = [models.UniqueConstraint(fields=["share", "code"], name="budgetsubject_once_a_share")]


class ServiceDomain(models.TextChoices):
    RELIEF = "relief", _("Social assistance")
    ELDERLY = "elderly", _("Elderly care")
    CHILDREN = "children", _("Children")
    GOVERNANCE = "governance", _("Community governance")
    OTHER = "other", _("Other services")


class Unit(models.TextChoices):
    """Units of count (FIELD_REFERENCE 2.3)."""

    PERSON_TIMES = "person_times", _("person-times")
    HOUSEHOLD_TIMES = "household_times", _("household-times")
    HOUSEHOLDS = "households", _("households")
    SESSIONS = "sessions", _("sessions")
    TIMES = "times", _("times")
    PIECES = "pieces", _("pieces")
    CASES = "cases", _("cases")


class ServiceItem(Bilingual):
    """An item of the service catalogue, T1.1–T5.4, with what a record of it must hold."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(_("code"), max_length=8)
    domain = models.CharField(_("domain"), max_length=12, choices=ServiceDomain.choices)
    unit = models.CharField(_("unit of count"), max_length=16, choices=Unit.choices)
    order = models.PositiveSmallIntegerField(default=0)
    needs_client = models.BooleanField(_("names the people served"), default=True)
    needs_photo = models.BooleanField(_("wants a photo"), default=False)
    usual_minutes = models.PositiveSmallIntegerField(_("usual length, minutes"), default=60)
    shortest_minutes = models.PositiveSmallIntegerField(_("shortest plausible length, minutes"), default=5)
    counts_as_visit = models.BooleanField(_("is a visit: resets the visit clock"), default=False)
    # Further fields of the item's form, as data: [{"name", "kind", "label_zh", "label_en", "choices", "required"}].
    fields = models.JSONField(_("further fields"), default=list)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("service item")
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="serviceitem_once_a_year")]


class TagKind(models.TextChoices):
    RELIEF = "relief", _("Relief programme")
    LINKAGE = "linkage", _("Linked programme")
    PARTY = "party", _("Party building")


class ServiceTag(Bilingual):
    """A programme that tags records: T1's four relief programmes and the links of G2, G3."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="tags")
    code = models.CharField(_("code"), max_length=20)
    kind = models.CharField(_("kind"), max_length=8, choices=TagKind.choices)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="servicetag_once_a_year")]


class ReturnReason(Bilingual):
    """A common reason for returning a log, offered to the reviewer."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="return_reasons")
    code = models.CharField(_("code"), max_length=16)
    order = models.PositiveSmallIntegerField(default=0)
    needs_text = models.BooleanField(_("must be explained in words"), default=False)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="returnreason_once_a_year")]


class VisitRule(models.Model):
    """How often a category of client is to be visited at each risk level, in days (DOMAIN 2)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="visit_rules")
    category = models.CharField(_("category"), max_length=12)
    days_green = models.PositiveSmallIntegerField(_("green, days"))
    days_yellow = models.PositiveSmallIntegerField(_("yellow, days"))
    days_red = models.PositiveSmallIntegerField(_("red, days"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "category"], name="visitrule_once_a_year")]
