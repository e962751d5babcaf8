"""Budget lines and vouchers."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from budget.querysets import BudgetLineQuerySet, VoucherQuerySet
from jinjiang_portal import clock
from jinjiang_portal.fields import UUID7Field
from jinjiang_portal.files.models import StoredFile
from jinjiang_portal.money import in_words
from jinjiang_portal.versioned import VersionedModel
from stations.models import BudgetSubject, Contract, Station


class BudgetLine(models.Model):
    """The budget of a contract for one subject; the lines of a share add up to the share to the cent (S9–S12)."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="budget_lines")
    subject = models.ForeignKey(BudgetSubject, on_delete=models.PROTECT, related_name="lines")
    amount = models.DecimalField(_("budget, yuan"), max_digits=14, decimal_places=2)

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["subject__share__order", "subject__order"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "subject"], name="budgetline_once"),
            models.CheckConstraint(name="budgetline_not_negative", condition=models.Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.contract.number} {self.subject.code}"


class VoucherState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PREPARED = "prepared", _("To be approved")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")


# The one place that says which moves a voucher may make.
VOUCHER_MOVES: dict[str, set[str]] = {
    VoucherState.DRAFT: {VoucherState.PREPARED},
    VoucherState.PREPARED: {VoucherState.APPROVED, VoucherState.RETURNED},
    VoucherState.RETURNED: {VoucherState.PREPARED},
    VoucherState.APPROVED: set(),
}


class Voucher(VersionedModel):
    """A spending of the contract with its paper. Prepared and approved by different people; final once approved."""

    id = UUID7Field(primary_key=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="vouchers")
    # A running number per contract, given when the voucher is first saved: no gaps, no reuse.
    number = models.PositiveIntegerField(_("voucher number"))
    day = models.DateField(_("date"))
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="vouchers", verbose_name=_("subject"))
    station = models.ForeignKey(
        Station, null=True, blank=True, on_delete=models.PROTECT, related_name="vouchers", verbose_name=_("station")
    )
    amount = models.DecimalField(
        _("amount, yuan"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    payee = models.CharField(_("payee"), max_length=80)
    purpose = models.CharField(_("purpose"), max_length=200)
    invoice_number = models.CharField(_("invoice number"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=VoucherState.choices, default=VoucherState.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    return_reason = models.CharField(_("reason of return"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["contract", "state", "day"], name="voucher_contract_state_day"),
            models.Index(fields=["line", "state"], name="voucher_line_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="voucher_number_once"),
            models.CheckConstraint(name="voucher_amount_positive", condition=models.Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["contract", "invoice_number"],
                condition=~models.Q(invoice_number=""),
                name="voucher_invoice_once",
            ),
            models.CheckConstraint(
                name="voucher_two_people",
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("prepared_by")),
            ),
            models.CheckConstraint(
                name="voucher_approval_complete",
                condition=~models.Q(state="approved") | models.Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract.number}-{self.number:04d}"

    @property
    def amount_in_words(self) -> str:
        """The amount in capitals, as a voucher shows it."""
        return in_words(self.amount)


class VoucherFile(models.Model):
    """A scan of a voucher's paper."""

    voucher = models.ForeignKey(Voucher, on_delete=models.CASCADE, related_name="files")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="voucher_file")
