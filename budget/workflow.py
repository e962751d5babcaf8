"""State changes of vouchers: prepared by one person, approved or returned by another (R3)."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from budget.models import VOUCHER_MOVES, BudgetLine, Voucher, VoucherFile, VoucherState
from budget.rules import share_totals
from jinjiang_portal import access, clock
from jinjiang_portal.accounts.models import User
from jinjiang_portal.accounts.workflow import notify
from jinjiang_portal.files.store import store_upload
from jinjiang_portal.money import split_by_shares
from jinjiang_portal.versioned import StaleVersion
from stations.models import Contract


def make_lines(contract: Contract, weights: dict[str, int]) -> list[BudgetLine]:
    """Budget lines of a contract: each share to the cent, spread over its subjects by `weights[subject code]`."""
    shares = list(contract.programme.shares.prefetch_related("subjects"))
    totals = share_totals(contract.amount, shares)
    lines = []
    for share in shares:
        subjects = {subject.code: subject for subject in share.subjects.all()}
        amounts = split_by_shares(totals[share.code], {code: weights[code] for code in subjects})
        lines += [BudgetLine(contract=contract, subject=subjects[code], amount=part) for code, part in amounts.items()]
    return BudgetLine.objects.bulk_create(lines)


def save_voucher(voucher: Voucher, by: User, files: list[Any], *, hand_in: bool) -> Voucher:
    """Keep a new or returned voucher with its papers, and hand it in for approval when `hand_in`.

    The number is the contract's next one, without gaps. Sent twice with the same key, it is one voucher.
    """
    with transaction.atomic():
        contract = _open_contract(voucher, by)
        stored = Voucher.objects.select_for_update().filter(pk=voucher.pk).first()
        if stored is not None and voucher._state.adding:
            if stored.prepared_by_id != by.pk or stored.contract_id != contract.pk:
                raise ValidationError(_("This voucher is already on file."), code="known")
            return stored
        if stored is None:
            last = Voucher.objects.filter(contract=contract).aggregate(last=Max("number"))["last"]
            voucher.number = (last or 0) + 1
            voucher.prepared_by = by
            voucher.state = VoucherState.DRAFT
        else:
            _check_editable(stored, voucher)
            voucher.version = stored.version + 1
        if hand_in:
            voucher.state = VoucherState.PREPARED
        voucher.save()
        for upload in files:
            VoucherFile.objects.create(voucher=voucher, stored=store_upload(upload, by))
    return voucher


def _open_contract(voucher: Voucher, by: User) -> Contract:
    """The contract, locked, so that two vouchers never get one number."""
    contract = Contract.objects.select_for_update().filter(pk=voucher.contract_id).first()
    if contract is None or not Contract.objects.open_to(by).filter(pk=contract.pk).exists():
        raise PermissionDenied(_("Vouchers are entered by the contractor while the contract runs."))
    if not contract.starts_on <= voucher.day <= contract.ends_on:
        raise ValidationError(
            _("The date lies outside the contract, %(starts)s to %(ends)s.")
            % {"starts": contract.starts_on.isoformat(), "ends": contract.ends_on.isoformat()},
            code="period",
        )
    if voucher.day > clock.today():
        raise ValidationError(_("The date lies in the future. A voucher records what has been spent."), code="future")
    if voucher.line.contract_id != contract.pk:
        raise ValidationError(_("The subject belongs to another contract."), code="line")
    return contract


def _check_editable(stored: Voucher, typed: Voucher) -> None:
    if stored.state not in (VoucherState.DRAFT, VoucherState.RETURNED):
        raise ValidationError(
            _("Voucher %(number)s is “%(state)s” and cannot be changed.")
            % {"number": stored.number, "state": stored.get_state_display()},
            code="state",
        )
    if stored.version != typed.version:
        raise StaleVersion(_("Somebody saved this page after you opened it. Compare both versions below."))


def _lock(voucher: Voucher, by: User, version: int | None) -> Voucher:
    stored = Voucher.objects.select_for_update().get(pk=voucher.pk)
    if not access.may(by, "voucher.approve") or not Voucher.objects.open_to(by).filter(pk=stored.pk).exists():
        raise PermissionDenied(_("Vouchers are approved by the contractor's manager."))
    if stored.prepared_by_id == by.pk:
        raise PermissionDenied(_("A voucher is approved by somebody else than who prepared it."))
    if version is not None and stored.version != version and stored.state != VoucherState.APPROVED:
        raise StaleVersion(_("This voucher has changed since you opened it. Look at the newest version first."))
    return stored


def _move(voucher: Voucher, to: str) -> None:
    if to not in VOUCHER_MOVES[voucher.state]:
        raise ValidationError(
            _("Voucher %(number)s is “%(state)s”; this step is not possible now.")
            % {"number": voucher.number, "state": voucher.get_state_display()},
            code="state",
        )
    voucher.state = to
    voucher.version += 1


def approve_voucher(voucher: Voucher, by: User, version: int | None = None) -> Voucher:
    """Approve: from now on it counts as spent and is final. Approving twice approves once (SECURITY 14)."""
    with transaction.atomic():
        voucher = _lock(voucher, by, version)
        if voucher.state == VoucherState.APPROVED:
            return voucher
        _move(voucher, VoucherState.APPROVED)
        voucher.approved_by, voucher.approved_at = by, clock.now()
        voucher.save()
    return voucher


def return_voucher(voucher: Voucher, by: User, reason: str, version: int | None = None) -> Voucher:
    """Give a voucher back with a reason; who prepared it is told."""
    with transaction.atomic():
        voucher = _lock(voucher, by, version)
        reason = reason.strip()
        if not reason:
            raise ValidationError(_("Say in words what is to be changed."), code="text")
        _move(voucher, VoucherState.RETURNED)
        voucher.return_reason = reason[:200]
        voucher.save()
        notify(
            [voucher.prepared_by],
            gettext_noop("Voucher %(number)s was returned: see the reason and correct it."),
            {"number": voucher.number},
            url=reverse("budget:voucher-detail", args=[voucher.pk]),
            key=f"voucher:{voucher.pk}:{voucher.version}",
        )
    return voucher
