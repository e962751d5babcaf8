"""Automatic checks of a log before a person reads it (D2.2)."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinjiang_portal.workdays import Calendar
from staffing import rules
from staffing.rules import Day, Entry, check_log
from stations.models import Programme

CALENDAR = Calendar.from_chinese_calendar([2024])
PROGRAMME = Programme(year=2024)
DAY = date(2024, 6, 27)


def codes(entries, day=DAY, submitted=None, earlier=()):
    return [
        found["code"] for found in check_log(Day(day, submitted or day, entries, list(earlier)), PROGRAMME, CALENDAR)
    ]


def test_an_ordinary_day_has_no_findings():
    assert codes([Entry("T1.4 走访", 60, time(9)), Entry("T1.1 咨询", 30, time(10))]) == []


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "empty"),
        ([Entry("a", 60, time(9)), Entry("b", 60, time(9, 30))], "overlap"),
        ([Entry("a", 601)], "long_day"),
        ([Entry("a", 10, shortest=20)], "short"),
        ([Entry("a", 60, wants_photo=True)], "photo"),
        ([Entry("a", 60, archived_client=True)], "archived"),
    ],
)
def test_each_finding_and_its_sentence(entries, code):
    found = check_log(Day(DAY, DAY, entries), PROGRAMME, CALENDAR)
    assert [one["code"] for one in found] == [code]
    assert rules.sentence(found[0])
    assert rules.title(found[0])


def test_holidays_and_make_up_days():
    assert codes([Entry("a", 60)], day=date(2024, 6, 10)) == ["rest_day"]
    assert codes([Entry("a", 60)], day=date(2024, 2, 18)) == []


def test_late_is_after_the_programmes_days():
    assert codes([Entry("a", 60)], submitted=DAY + timedelta(days=7)) == []
    assert codes([Entry("a", 60)], submitted=DAY + timedelta(days=8)) == ["late"]


def test_a_copied_text_is_found_and_the_percentage_is_the_programmes():
    text = "入户了解老人近期身体状况，血压偏高，提醒按时服药并联系卫生院复诊。"
    earlier = [(DAY - timedelta(1), text.replace("血压偏高", "血压正常"))]
    assert codes([Entry("a", 60, text=text)], earlier=earlier) == ["similar"]
    assert codes([Entry("a", 60, text="协助申请临时救助，核对家庭收入与支出材料，陪同到窗口。")], earlier=earlier) == []


@given(st.lists(st.tuples(st.integers(0, 1380), st.integers(5, 200)), max_size=8))
def test_overlap_is_found_exactly_when_two_times_overlap(pieces):
    entries = [Entry(str(n), length, time(start // 60, start % 60)) for n, (start, length) in enumerate(pieces)]
    overlapping = any(
        one[0] < two[0] + two[1] and two[0] < one[0] + one[1] for n, one in enumerate(pieces) for two in pieces[n + 1 :]
    )
    assert bool(rules.overlaps(entries)) == overlapping
