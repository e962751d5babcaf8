"""Names are found by characters, pinyin and initials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinjiang_portal import names


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("王小英", "wxy"), ("王小英", "wangxiaoy"), ("王小英", "王小"), ("王小英", "小英"), ("王小英", "xy"),
        ("曾志伟", "zzw"), ("曾志伟", "zeng"), ("单雄信", "shan"), ("单雄信", "dan"), ("仇丽", "qiul"),
        ("吕梅", "lvm"), ("尉迟恭", "yuchi"), ("陈・阿妹", "chen"), ("王小英", "ＷＸＹ"), ("王小英", "wang xiao"),
    ],
)  # fmt: skip
def test_a_typed_beginning_hits_a_key(name, typed):
    query = names.normalise_query(typed)
    assert any(key.startswith(query) for key in names.search_keys(name))


def test_sort_key():
    assert names.pinyin("曾小梅") == "zeng xiao mei"
    assert names.pinyin("尉迟恭") == "yuchi gong"
    assert names.pinyin("") == ""


@given(st.text(alphabet="abcxyz019王小英", min_size=1, max_size=4), st.text(alphabet="abcxyz019王小英", max_size=6))
def test_bounds_hold_exactly_the_strings_with_the_prefix(prefix, text):
    low, high = names.prefix_bounds(prefix)
    inside = text >= low and (high is None or text < high)
    if text.startswith(prefix):
        assert inside
    assert text.startswith(prefix) or not inside or prefix[-1] in "z9" or high is None


@given(st.text(max_size=30))
def test_any_name_has_keys_that_fit_the_column(name):
    assert all(0 < len(key) <= 120 for key in names.search_keys(name))
    assert len(names.pinyin(name)) <= 120
