"""What stands on the home page because of a report."""

from datetime import date

from reports import workflow
from reports.registration import to_accept, todos
from tests.reports.conftest import AFTER_PERIOD, HalfYear, write_all


def test_a_report_stands_with_its_writer_once_its_period_has_ended(half_year: HalfYear) -> None:
    manager = half_year.scene.own.manager
    assert not list(todos(manager, date(2024, 6, 30)))
    (todo,) = todos(manager, AFTER_PERIOD)
    assert (todo.due, todo.late) == (date(2024, 7, 15), False)
    assert str(half_year.midterm.pk) in todo.url
    (late,) = todos(manager, date(2024, 7, 16))
    assert late.late


def test_a_submitted_report_stands_with_the_bureau_only(half_year: HalfYear, after_period: date) -> None:
    scene = half_year.scene
    write_all(half_year.midterm)
    workflow.submit(half_year.midterm, scene.own.manager)
    assert not list(todos(scene.own.manager, after_period))
    (todo,) = todos(scene.bureau, after_period)
    assert todo.count == to_accept(scene.bureau) == 1
    assert not list(todos(scene.viewer, after_period))
    assert not list(todos(scene.foreign.finance, after_period))


def test_a_returned_report_stands_with_its_writer_again(half_year: HalfYear, after_period: date) -> None:
    scene = half_year.scene
    write_all(half_year.midterm)
    workflow.submit(half_year.midterm, scene.own.manager)
    workflow.decide(half_year.midterm, scene.bureau, accept=False, remarks="请补充")
    assert len(list(todos(scene.own.manager, after_period))) == 1
