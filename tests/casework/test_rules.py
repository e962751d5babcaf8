"""What a record counts and when a visit is due, for any numbers and days (T1.1–T5.4, DOMAIN 2)."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import rules
from stations.models import Unit

PEOPLE = st.integers(0, 500)
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
INTERVALS = st.integers(1, 400)
CODES = ["R-TK-F", "E-DJ", "C-GS", "O-JM"]
RULES = st.dictionaries(
    st.sampled_from(CODES),
    st.builds(SimpleNamespace, days_green=INTERVALS, days_yellow=INTERVALS, days_red=INTERVALS),
)


def item(unit, visit=False):
    return SimpleNamespace(unit=unit, counts_as_visit=visit)


@given(st.sampled_from(Unit.values), PEOPLE, PEOPLE, PEOPLE)
def test_a_visit_at_which_nobody_was_met_counts_nothing(unit, clients, households, others):
    assert rules.count_of(item(unit, visit=True), clients, households, others, met=False) == 0


@given(PEOPLE, PEOPLE, PEOPLE)
def test_person_times_count_everybody_and_grow_with_each(clients, households, others):
    counted = rules.count_of(item(Unit.PERSON_TIMES), clients, households, others)
    assert counted == clients + others
    assert rules.count_of(item(Unit.PERSON_TIMES), clients + 1, households, others) == counted + 1


@given(st.sampled_from([Unit.HOUSEHOLDS, Unit.HOUSEHOLD_TIMES]), PEOPLE, PEOPLE, PEOPLE)
def test_households_count_each_family_once_and_unknown_people_as_one_at_least(unit, clients, households, others):
    counted = rules.count_of(item(unit), clients, households, others)
    assert counted >= households
    assert counted == (households or (1 if others else 0))


@given(PEOPLE, PEOPLE, PEOPLE)
def test_things_done_count_one_a_record(clients, households, others):
    for unit in set(Unit.values) - {Unit.PERSON_TIMES, Unit.HOUSEHOLDS, Unit.HOUSEHOLD_TIMES}:
        assert rules.count_of(item(unit), clients, households, others) == 1


@given(st.lists(st.tuples(st.integers(1, 50), st.one_of(st.none(), st.integers(1, 5))), unique_by=lambda row: row[0]))
def test_there_are_never_more_households_than_people(pairs):
    # Keys of people and of households are different kinds of things, as in the database.
    keyed = [(f"client {client}", household and f"household {household}") for client, household in pairs]
    counted = rules.household_count(keyed)
    alone = sum(household is None for _client, household in pairs)
    families = len({household for _client, household in pairs if household})
    assert counted == alone + families <= len(pairs)


@given(st.lists(st.sampled_from(CODES)), st.sampled_from(["green", "yellow", "red"]), DAYS, RULES)
def test_the_shortest_interval_of_the_categories_decides(codes, risk, day, visit_rules):
    due = rules.visit_due(codes, risk, day, date(1999, 1, 1), visit_rules)
    asked = [getattr(visit_rules[code], f"days_{risk}") for code in codes if code in visit_rules]
    assert due == (day + timedelta(days=min(asked)) if asked else None)
    if due is not None:
        assert due > day
        assert due == rules.visit_due(codes, risk, None, day, visit_rules)


@pytest.mark.parametrize(
    ("birth", "day", "needed"),
    [
        (date(2010, 6, 28), date(2024, 6, 27), True),
        (date(2010, 6, 28), date(2024, 6, 28), False),
        (date(2012, 2, 29), date(2026, 2, 28), True),
        (date(2012, 2, 29), date(2026, 3, 1), False),
    ],
)
def test_consent_is_the_guardians_until_the_fourteenth_birthday(birth, day, needed):
    assert rules.needs_guardian(birth, day) is needed
