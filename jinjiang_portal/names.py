"""Names in pinyin: sort keys, and search keys in every reading, so that `wxm`, `wangxiao` and 王小 all find 王小明."""

import re
import unicodedata
from itertools import islice, product

from pypinyin import Style
from pypinyin import pinyin as _pinyin

# Surnames whose reading as a surname differs from the usual one.
SURNAMES = {
    "单": "shan", "仇": "qiu", "查": "zha", "区": "ou", "曾": "zeng", "解": "xie", "翟": "zhai", "盖": "ge",
    "朴": "piao", "覃": "qin", "缪": "miao", "乐": "yue", "尉": "wei", "员": "yun", "黑": "he", "重": "chong",
    "秘": "bi", "冼": "xian", "折": "she", "召": "shao", "繁": "po", "牟": "mou", "任": "ren", "纪": "ji",
    "那": "na", "华": "hua", "柏": "bai",
    "万俟": "moqi", "尉迟": "yuchi", "长孙": "zhangsun",
}  # fmt: skip
READINGS_AT_MOST = 12


def _readings(name: str) -> list[list[str]]:
    """All readings of each character, the surname's own first."""
    readings = [
        [_plain_latin(reading) for reading in found] for found in _pinyin(name, style=Style.NORMAL, heteronym=True)
    ]
    surname = SURNAMES.get(name[:1])
    if surname and readings:
        readings[0] = [surname, *(reading for reading in readings[0] if reading != surname)]
    return readings


def _plain_latin(text: str) -> str:
    return text.lower().replace("ü", "v")


def pinyin(name: str) -> str:
    """Sort key: the most likely reading in small letters, syllables apart by a blank."""
    name = unicodedata.normalize("NFKC", name).strip()
    compound = SURNAMES.get(name[:2])
    if compound:
        rest = " ".join(found[0] for found in _readings(name[2:]))
        return f"{compound} {_plain_latin(rest)}".strip()[:120]
    likely = [_plain_latin(found[0]) for found in _pinyin(name, style=Style.NORMAL)]
    if likely and name[:1] in SURNAMES:
        likely[0] = SURNAMES[name[:1]]
    return " ".join(likely)[:120]


def search_keys(name: str) -> list[str]:
    """Keys a typed beginning may hit: characters, pinyin, initials in every reading, with and without surname."""
    name = normalise_query(name)
    if not name:
        return []
    keys = {name, name[1:]}
    for reading in islice(product(*_readings(name)), READINGS_AT_MOST):
        initials = "".join(syllable[:1] for syllable in reading)
        keys |= {"".join(reading), initials, "".join(reading[1:]), initials[1:]}
    if name[:2] in SURNAMES:
        keys.add(SURNAMES[name[:2]] + "".join(found[0] for found in _readings(name[2:])))
    return sorted(key[:120] for key in keys if key)


def normalise_query(text: str) -> str:
    """What was typed, as keys are written: half width, small letters, no blanks, dots or apostrophes, ü as v."""
    text = unicodedata.normalize("NFKC", text).lower().replace("ü", "v")
    return re.sub(r"[\s'’·•.\-]", "", text)


def prefix_bounds(text: str) -> tuple[str, str | None]:
    """Lower (included) and upper (excluded) bound of all strings that begin with `text`; None: no upper bound.

    A range is used instead of LIKE because an ordinary index serves it on every database. The last letter is counted
    up within a–z, so that the order of the database's collation and of code points agree.
    """
    for end in range(len(text), 0, -1):
        last = text[end - 1]
        if last not in ("z", "9", "\U0010ffff"):
            return text, text[: end - 1] + chr(ord(last) + 1)
    return text, None
