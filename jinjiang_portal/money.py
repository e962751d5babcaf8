"""Yuan with two places, split without losing a cent, and written in capitals as vouchers do."""

from collections.abc import Hashable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

import cn2an

CENT = Decimal("0.01")
Key = TypeVar("Key", bound=Hashable)


def yuan(value: Decimal | int | str) -> Decimal:
    """The amount with two places, halves rounded away from zero."""
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def split_by_shares(total: Decimal, shares: Mapping[Key, Decimal | int]) -> dict[Key, Decimal]:
    """`total` yuan split in proportion to `shares`, to the cent, by the largest remainder.

    The parts add up to `total` exactly. ValueError for no shares, a negative share, or shares that are all zero.
    """
    weights = {key: Decimal(share) for key, share in shares.items()}
    whole = sum(weights.values(), Decimal(0))
    if not weights or whole <= 0 or min(weights.values()) < 0:
        raise ValueError("Shares must be given, not negative, and not all zero.")
    cents = int(yuan(total) * 100)
    exact = {key: cents * weight / whole for key, weight in weights.items()}
    parts = {key: int(amount) for key, amount in exact.items()}
    missing = cents - sum(parts.values())
    step = 1 if missing >= 0 else -1
    by_remainder = sorted(exact, key=lambda key: abs(exact[key] - parts[key]), reverse=True)
    for key in by_remainder[: abs(missing)]:
        parts[key] += step
    return {key: Decimal(amount) / 100 for key, amount in parts.items()}


def in_words(amount: Decimal) -> str:
    """壹仟贰佰叁拾肆元零伍分: the amount in capitals, 负 in front of a negative one."""
    amount = yuan(amount)
    if amount == 0:
        return "零元整"
    sign = "负" if amount < 0 else ""
    return sign + str(cn2an.an2cn(f"{abs(amount):f}", "rmb"))
