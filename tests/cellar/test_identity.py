"""ID numbers, credit codes, phones and names: checked, masked, found (SECURITY 6; FIELD_REFERENCE 10.3-10.5)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from jinjiang_portal import identity

births = st.dates(date(1900, 1, 1), date(2024, 6, 28))
sequences = st.integers(0, 999)


@given(births, sequences)
def test_a_made_number_is_accepted_and_tells_birth_and_sex(birth, sequence):
    found = identity.check_id_number(identity.make_id_number("350599", birth, sequence))
    assert (found.birth_date, found.region) == (birth, "350599")
    assert found.sex == ("male" if sequence % 2 else "female")


@given(births, sequences, st.integers(0, 16), st.integers(1, 9))
def test_any_single_mistyped_digit_is_refused(birth, sequence, place, shift):
    number = identity.make_id_number("350599", birth, sequence)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(ValidationError):
        identity.check_id_number(wrong)


@given(births, sequences, st.integers(0, 15))
def test_two_swapped_neighbours_are_refused(birth, sequence, place):
    number = identity.make_id_number("350599", birth, sequence)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(ValidationError):
            identity.check_id_number(swapped)


def test_what_is_wrong_is_said():
    good = identity.make_id_number("350599", date(1950, 2, 3), 12)
    wrong_check = good[:-1] + ("0" if good[-1] != "0" else "1")
    for text, code in [("3505", "length"), ("A" * 18, "digits"), (wrong_check, "check")]:
        with pytest.raises(ValidationError) as refused:
            identity.check_id_number(text)
        assert refused.value.code == code
    impossible = "350599" + "20230230" + "001"
    with pytest.raises(ValidationError) as refused:
        identity.check_id_number(impossible + identity.check_digit(impossible))
    assert refused.value.code == "birth"


def test_a_birth_date_in_the_future_is_refused():
    with pytest.raises(ValidationError) as refused:
        identity.check_id_number(identity.make_id_number("350599", date(2024, 7, 1), 1), today=date(2024, 6, 28))
    assert refused.value.code == "birth"


def test_full_width_blanks_and_small_x_are_understood():
    number = next(n for s in range(999) if (n := identity.make_id_number("350599", date(1960, 1, 1), s)).endswith("X"))
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in number.lower())
    assert identity.check_id_number(f" {full_width} ").number == number


def test_old_county_and_elders_are_accepted():
    assert identity.check_id_number(identity.make_id_number("350522", date(1931, 5, 6), 3)).sex == "male"


def test_credit_code():
    assert identity.check_credit_code("52350582mj0000018d") == "52350582MJ0000018D"
    with pytest.raises(ValidationError):
        identity.check_credit_code("52350582MJ0000018E")


@pytest.mark.parametrize("text", ["154 0000 1234", "+8615400001234", "１５４００００１２３４"])
def test_mobile_numbers_are_understood(text):
    assert identity.check_phone(text) == "15400001234"


def test_landlines_are_accepted_and_nonsense_is_not():
    assert identity.check_phone("0595-85001234") == "0595-85001234"
    for text in ("12345", "25400001234", "154000012345", "电话"):
        with pytest.raises(ValidationError):
            identity.check_phone(text)


def test_masks():
    assert identity.mask_id("350599195002031234") == "350599********1234"
    assert identity.mask_phone("15400001234") == "154****1234"
    assert [identity.mask_name(name) for name in ("王小英", "王英", "欧阳小英", "王", "")] == [
        "王*英", "王*", "欧**英", "*", "",
    ]  # fmt: skip


@given(births, births)
def test_age_counts_full_years(birth, day):
    age = identity.age_on(birth, day)
    if day >= birth:
        assert 0 <= age <= day.year - birth.year
        assert age == day.year - birth.year or (day.month, day.day) < (birth.month, birth.day)


def test_age_on_the_birthday_and_on_leap_days():
    assert identity.age_on(date(1979, 6, 28), date(2024, 6, 28)) == 45
    assert identity.age_on(date(1979, 6, 29), date(2024, 6, 28)) == 44
    assert identity.age_on(date(2000, 2, 29), date(2023, 2, 28)) == 22
    assert identity.age_on(date(2000, 2, 29), date(2023, 3, 1)) == 23


def test_personal_numbers_are_found_in_text():
    number = identity.make_id_number("350599", date(1950, 2, 3), 12)
    assert identity.find_personal_numbers(f"王某（{number}）电话15400001234，编号2024000112345678") == [
        number, "15400001234",
    ]  # fmt: skip


def test_hashes_depend_on_key_and_kind(settings):
    number = identity.make_id_number("350599", date(1950, 2, 3), 12)
    first = identity.id_hash(number)
    assert first == identity.id_hash(number.lower() + " ")
    assert first != identity.keyed_hash("phone", number)
    settings.FIELD_HASH_KEY = "another"
    assert identity.id_hash(number) != first
    assert identity.id_hash("") is None
