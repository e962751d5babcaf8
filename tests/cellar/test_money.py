"""Money loses no cent (SECURITY 19)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jinjiang_portal.money import in_words, split_by_shares, yuan

amounts = st.decimals(min_value=Decimal("0"), max_value=Decimal("99999999.99"), places=2)
weights = st.dictionaries(st.integers(0, 30), st.decimals(0, 100, places=2), min_size=1, max_size=12).filter(
    lambda shares: sum(shares.values()) > 0
)


@settings(max_examples=500)
@given(amounts, weights)
def test_parts_add_up_to_the_cent_and_are_fair(total, shares):
    parts = split_by_shares(total, shares)
    assert sum(parts.values()) == total
    whole = sum(shares.values())
    for key, part in parts.items():
        assert part == part.quantize(Decimal("0.01"))
        assert abs(part - total * shares[key] / whole) < Decimal("0.01")


@given(amounts, weights)
def test_a_refund_is_split_like_a_payment(total, shares):
    assert sum(split_by_shares(-total, shares).values()) == -total


@pytest.mark.parametrize("shares", [{}, {"a": 0}, {"a": -1, "b": 2}])
def test_shares_that_mean_nothing_are_refused(shares):
    with pytest.raises(ValueError, match="Shares"):
        split_by_shares(Decimal(1), shares)


def test_halves_round_away_from_zero():
    assert yuan("0.005") == Decimal("0.01")
    assert yuan("-0.005") == Decimal("-0.01")
    assert yuan(7) == Decimal("7.00")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1234.05", "壹仟贰佰叁拾肆元零伍分"), ("100000", "壹拾万元整"), ("0", "零元整"), ("0.50", "伍角"),
        ("-20.10", "负贰拾元壹角"),
    ],
)  # fmt: skip
def test_capitals(amount, words):
    assert in_words(Decimal(amount)) == words
