"""Numbers that identify people and organisations: checked, masked, hashed, found in text (FIELD_REFERENCE 10.4, 10.5).

The check of an ID number is deliberately our own ten lines: libraries demand that the county code existed in the birth
year, and so refuse nearly every elderly resident of Jinjiang.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
_ID_NUMBER = re.compile(r"\d{17}[\dX]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,5})?")
_IN_TEXT = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


@dataclass(frozen=True)
class IdNumber:
    """A checked ID number; `region` is where it was first given out, not where the person lives."""

    number: str
    birth_date: date
    sex: str
    region: str


def plain(text: str) -> str:
    """Half-width capitals without spaces and dashes: how a typed number is compared."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def check_digit(first_17: str) -> str:
    """The 18th place of an ID number (GB 11643-1999)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_17, strict=True))
    return CHECK_DIGITS[total % 11]


def check_id_number(text: str, today: date | None = None) -> IdNumber:
    """The number with birth date and sex ("male" or "female"); ValidationError says which part is wrong.

    An unknown region is no error. With `today`, a birth date after it is refused.
    """
    number = plain(text)
    if len(number) != 18:
        raise ValidationError(
            _("An ID number has 18 places; %(count)s were typed. Compare it with the card.") % {"count": len(number)},
            code="length",
        )
    if not _ID_NUMBER.fullmatch(number):
        raise ValidationError(
            _("An ID number consists of digits; only the last place may be X. Compare it with the card."), code="digits"
        )
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValidationError(
            _("Places 7 to 14 of the ID number are not a date of birth. Compare it with the card."), code="birth"
        ) from None
    if birth.year < 1880 or (today is not None and birth > today):
        raise ValidationError(
            _("Places 7 to 14 of the ID number are not a possible date of birth. Compare it with the card."),
            code="birth",
        )
    if check_digit(number[:17]) != number[17]:
        raise ValidationError(
            _("The last place of the ID number does not fit the others: one is mistyped. Compare it with the card."),
            code="check",
        )
    return IdNumber(number, birth, "male" if int(number[16]) % 2 else "female", number[:6])


def make_id_number(region: str, birth: date, sequence: int) -> str:
    """An ID number with a right check digit, for demo and test data. Odd sequences are male."""
    first_17 = f"{region:0>6}{birth:%Y%m%d}{sequence % 1000:03d}"
    return first_17 + check_digit(first_17)


def check_credit_code(text: str) -> str:
    """The unified social credit code in capitals (GB 32100-2015); ValidationError when its check digit does not fit."""
    try:
        return str(uscc.validate(plain(text)))
    except NumberError:
        raise ValidationError(
            _("This is not a unified social credit code: 18 places, no I, O, S, V, Z, and the last place must fit."),
            code="credit_code",
        ) from None


def check_phone(text: str) -> str:
    """A mobile number of 11 digits or a landline with area code, without spaces; ValidationError otherwise."""
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    mobile = number.replace("-", "").removeprefix("+86")
    if _MOBILE.fullmatch(mobile):
        return mobile
    if _LANDLINE.fullmatch(number):
        return number
    raise ValidationError(
        _("A phone number has 11 digits and begins with 1, or is a landline with area code such as 0595-85000000."),
        code="phone",
    )


def mask_id(number: str) -> str:
    """350599********1234: first six and last four places."""
    if len(number) < 12:
        return "*" * len(number)
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def mask_phone(number: str) -> str:
    """154****1234."""
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_name(name: str) -> str:
    """王*英 for three characters, 王* for two: what those see who need not know who it is."""
    if len(name) <= 1:
        return "*" * len(name)
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def age_on(birth: date, day: date) -> int:
    """Full years on the day; a year of age is reached on the birthday (29 February: on 1 March of common years)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def find_personal_numbers(text: str) -> list[str]:
    """ID numbers with a right check digit, and mobile numbers, that stand in the text."""
    found = []
    for match in _IN_TEXT.finditer(unicodedata.normalize("NFKC", text)):
        number = match.group().upper()
        if len(number) == 11 or check_digit(number[:17]) == number[17]:
            found.append(number)
    return found


def keyed_hash(kind: str, text: str) -> str:
    """HMAC-SHA-256 in hexadecimal under FIELD_HASH_KEY; `kind` keeps numbers of different columns apart."""
    return hmac.new(settings.FIELD_HASH_KEY.encode(), f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def id_hash(number: str) -> str | None:
    """Hash for exact look-up and for finding duplicates; None without a number."""
    return keyed_hash("id", plain(number)) if number else None


def phone_hash(number: str) -> str:
    """Hash of a phone number; empty without one."""
    return keyed_hash("phone", plain(number)) if number else ""


def tail_hash(number: str) -> str:
    """Hash of the last four places, for “last 4 of the ID or phone”; empty without a number."""
    return keyed_hash("tail", plain(number)[-4:]) if number else ""
