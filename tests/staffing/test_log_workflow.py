"""A day's log from draft to approval and back (D2.2, D4.1; SECURITY 2, 14)."""

import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from jinjiang_portal import clock
from jinjiang_portal.accounts.models import Notice
from jinjiang_portal.versioned import StaleVersion
from staffing import workflow
from staffing.models import LogEvent, WorkLog
from tests.scenes import build_scene, make_log

pytestmark = pytest.mark.tier

DAY = date(2024, 6, 27)


def test_a_log_goes_from_draft_to_approved_and_keeps_its_thread(scene):
    log = make_log(scene.own, DAY, records=2, state="approved")
    assert (log.state, log.reviewed_by, log.minutes) == ("approved", scene.own.township, 120)
    assert [event.kind for event in log.events.all()] == ["submitted", "approved"]
    assert len(log.events.last().snapshot["records"]) == 2


def test_a_return_tells_the_author_why_and_the_log_can_be_handed_in_again(scene):
    log = make_log(scene.own, DAY, state="returned")
    notice = Notice.objects.get(recipient=scene.own.worker)
    assert notice.url == "/logs/day/2024-06-27/"
    assert workflow.submit_log(log, scene.own.worker).state == "submitted"
    assert [event.kind for event in log.events.all()] == ["submitted", "returned", "submitted"]


@pytest.mark.parametrize(
    ("reason", "text", "code"), [("", "x", "reason"), ("nonsense", "x", "reason"), ("other", " ", "text")]
)
def test_a_return_needs_a_known_reason_and_words_where_the_reason_says_nothing(scene, reason, text, code):
    log = make_log(scene.own, DAY, state="submitted")
    with pytest.raises(ValidationError) as refused:
        workflow.return_log(log, scene.own.township, reason, text)
    assert refused.value.code == code
    log.refresh_from_db()
    assert log.state == "submitted"


def test_approving_and_submitting_twice_counts_once(scene):
    log = make_log(scene.own, DAY, state="submitted")
    workflow.submit_log(log, scene.own.worker)
    workflow.approve_log(log, scene.own.township)
    workflow.approve_log(log, scene.own.township)
    assert [event.kind for event in log.events.all()] == ["submitted", "approved"]


def test_content_is_frozen_while_under_review_and_after_approval(scene):
    log = make_log(scene.own, DAY, state="submitted")
    for state in ("under_review", "approved"):
        with pytest.raises(ValidationError) as refused:
            workflow.add_line(scene.own.worker, DAY, kind="meeting", minutes=30, text="周例会")
        assert refused.value.code == state
        if state == "under_review":
            workflow.approve_log(log, scene.own.township)


def test_a_stale_decision_is_refused(scene):
    log = make_log(scene.own, DAY, state="submitted")
    seen = log.version
    workflow.withdraw_log(log, scene.own.worker)
    workflow.submit_log(log, scene.own.worker)
    with pytest.raises(StaleVersion):
        workflow.approve_log(log, scene.own.township, seen)
    with pytest.raises(StaleVersion):
        workflow.return_log(log, scene.own.township, "brief", "", seen)


def test_only_the_township_of_the_station_decides(scene):
    log = make_log(scene.own, DAY, state="submitted")
    for user in (scene.foreign.township, scene.bureau, scene.own.manager, scene.own.worker, scene.inspector):
        with pytest.raises(PermissionDenied):
            workflow.approve_log(log, user)
    with pytest.raises(PermissionDenied):
        workflow.submit_log(make_log(scene.own, DAY - timedelta(1)), scene.foreign.worker)


def test_a_batch_tells_the_outcome_of_each_and_marks_unopened_ones(scene):
    logs = [make_log(scene.own, DAY - timedelta(days=n), state="submitted") for n in range(4)]
    stale, opened = logs[1], logs[2]
    pairs = [(log, log.version) for log in logs]
    workflow.withdraw_log(stale, scene.own.worker)
    outcomes = workflow.approve_batch(pairs, scene.own.township, {str(opened.pk)})
    assert [outcome.done for outcome in outcomes] == [True, False, True, True]
    assert outcomes[1].message
    flags = dict(WorkLog.objects.values_list("pk", "opened_before_approval"))
    assert flags[opened.pk]
    assert not flags[logs[0].pk]


def test_logs_drawn_for_a_closer_look_must_be_opened_first(scene):
    scene.programme.batch_sample_percent = 100
    scene.programme.save()
    log = make_log(scene.own, DAY, state="submitted")
    log = WorkLog.objects.select_related("contract__programme").get(pk=log.pk)
    assert not workflow.approve_batch([(log, log.version)], scene.own.township, set())[0].done
    assert workflow.approve_batch([(log, log.version)], scene.own.township, {str(log.pk)})[0].done


def test_a_decision_can_be_undone_by_its_maker_for_ten_minutes(scene):
    with time_machine.travel("2024-06-28 09:00:00+08:00", tick=False) as traveller:
        log = make_log(scene.own, DAY, state="approved")
        start = clock.now()
        assert workflow.undo_review(log, scene.own.township).state == "submitted"
        workflow.approve_log(log, scene.own.township)
        traveller.shift(timedelta(minutes=11))
        if clock.now() - start < timedelta(minutes=10):
            pytest.fail("the clock must follow the time")
        with pytest.raises(ValidationError):
            workflow.undo_review(log, scene.own.township)


def test_a_correction_opens_an_approved_log_and_keeps_what_was_approved(scene):
    log = make_log(scene.own, DAY, state="approved")
    workflow.open_correction(log, scene.own.township, "brief", "时长有误")
    log.refresh_from_db()
    assert log.state == "returned"
    event = LogEvent.objects.get(kind="correction")
    assert event.snapshot["records"][0]["minutes"] == 60
    workflow.submit_log(log, scene.own.worker)
    assert workflow.approve_log(log, scene.own.township).state == "approved"


def test_days_without_posting_and_future_days_are_refused_with_a_sentence(scene):
    for day, code in [(clock.today() + timedelta(1), "future"), (date(2023, 12, 29), "no_posting")]:
        with pytest.raises(ValidationError) as refused:
            workflow.log_for(scene.own.worker, day)
        assert refused.value.code == code
        assert day.isoformat() in refused.value.messages[0]
    assert not WorkLog.objects.exists()


def test_an_empty_log_is_not_handed_in(scene):
    log = workflow.log_for(scene.own.worker, DAY)
    with pytest.raises(ValidationError) as refused:
        workflow.submit_log(log, scene.own.worker)
    assert refused.value.code == "empty"


def test_a_line_sent_twice_is_one_line(scene):
    key = uuid4()
    for _time in range(2):
        workflow.add_line(scene.own.worker, DAY, id=key, kind="meeting", minutes=30, text="周例会")
    assert WorkLog.objects.get().lines.count() == 1


@pytest.mark.tier
@pytest.mark.django_db(transaction=True)
def test_two_reviewers_deciding_at_once_make_one_decision():
    scene = build_scene()
    other = type(scene.own.township).objects.create(username="second", full_name="第二", role="township_supervisor")
    other.groups.set(scene.own.township.groups.all())
    for number in range(10):
        log = make_log(scene.own, DAY - timedelta(days=number), state="submitted")
        outcomes: list[str] = []
        barrier = threading.Barrier(2)

        def approve(row, user):
            workflow.approve_log(row, user, row.version)

        def give_back(row, user):
            workflow.return_log(row, user, "brief", "", row.version)

        def decide(user, act, log=log, outcomes=outcomes, barrier=barrier):
            barrier.wait()
            try:
                act(log, user)
                outcomes.append("done")
            except ValidationError:
                outcomes.append("refused")
            finally:
                connection.close()

        threads = [
            threading.Thread(target=decide, args=(scene.own.township, approve)),
            threading.Thread(target=decide, args=(other, give_back)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["done", "refused"]
        assert log.events.exclude(kind="submitted").count() == 1
