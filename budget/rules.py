"""Clauses about money as pure functions (S9–S12, R3). Amounts in yuan, rates in percent."""

from collections.abc import Iterable
from decimal import Decimal

from jinjiang_portal.money import split_by_shares
from stations.models import BudgetShare, Programme

HUNDRED = Decimal(100)


def share_totals(amount: Decimal, shares: Iterable[BudgetShare]) -> dict[str, Decimal]:
    """The contract price split over the four shares, to the cent (S9–S12)."""
    return split_by_shares(amount, {share.code: share.percent for share in shares})


def percent_spent(spent: Decimal, budget: Decimal) -> Decimal | None:
    """How much of a budget is spent, one decimal place; None where there is no budget."""
    return (spent * HUNDRED / budget).quantize(Decimal("0.1")) if budget else None


def level(spent: Decimal, budget: Decimal, programme: Programme) -> str:
    """“ok”, “warning” from the programme's warning percent on, “breach” over the budget (R3)."""
    if spent > budget:
        return "breach"
    if budget and spent * HUNDRED >= budget * programme.spend_warning_percent:
        return "warning"
    return "ok"
