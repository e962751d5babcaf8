"""Dates, money and lengths are accepted as people type them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from jinjiang_portal.forms import FlexibleDateField, MinutesField, MoneyField, PortalForm


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["-", "/", ".", "年"]))
def test_every_way_of_writing_a_date(day, mark):
    text = f"{day.year}{mark}{day.month}{'月' if mark == '年' else mark}{day.day}{'日' if mark == '年' else ''}"
    assert FlexibleDateField().clean(text) == day
    assert FlexibleDateField().clean(f"{day:%Y%m%d}") == day


@pytest.mark.parametrize("text", ["2024-02-30", "昨天", "2024-13-01", "24-1-1", "２０２４－１３－１"])
def test_what_is_no_date_is_named(text):
    with pytest.raises(ValidationError) as refused:
        FlexibleDateField().clean(text)
    assert text in refused.value.messages[0]


@pytest.mark.parametrize(
    ("text", "amount"), [("1,234.5", "1234.50"), ("￥100", "100.00"), ("１２３．４５元", "123.45"), ("0", "0.00")]
)
def test_money(text, amount):
    assert MoneyField().clean(text) == Decimal(amount)
    assert str(MoneyField().clean(text)) == amount


@pytest.mark.parametrize("text", ["1.234", "一百", "NaN", "1e400", "Infinity"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValidationError):
        MoneyField().clean(text)


@pytest.mark.parametrize(
    ("text", "minutes"), [("90", 90), ("90分钟", 90), ("1.5小时", 90), ("1小时30分", 90), ("1:30", 90), ("２小时", 120)]
)
def test_lengths(text, minutes):
    assert MinutesField().clean(text) == minutes


def test_errors_are_listed_with_the_place_to_mend():
    class OneField(PortalForm):
        day = FlexibleDateField(label="日期")

    form = OneField({"day": "x"})
    assert [(place, label) for place, label, _text in form.error_list] == [("id_day", "日期")]
