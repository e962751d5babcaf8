"""Jobs: claimed once, finished under their lease, taken back from the dead, given up with a reason (SECURITY 15)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jinjiang_portal import clock
from jinjiang_portal.accounts.models import Notice
from jinjiang_portal.accounts.workflow import notify
from jinjiang_portal.jobs import runner, workflow
from jinjiang_portal.jobs.models import Job
from jinjiang_portal.logs import mask_numbers
from tests.factories import UserFactory

pytestmark = pytest.mark.tier

KIND, BROKEN, REFUSED, LATE = "test.count", "test.broken", "test.refused", "test.late"


@runner.handles(KIND)
def count(run):
    for step in range(1, 4):
        run.progress(step, 3)
    return {"made": run.parameters.get("made", 0)}


@runner.on_finish(KIND)
def tell(job, result):
    notify([job.owner], "Saved.", key=f"done:{job.pk}")


@runner.handles(BROKEN)
def break_down(run):
    raise RuntimeError("电话15400001234")


@runner.on_fail(BROKEN)
def tell_failure(job):
    notify([job.owner], "Saved.", key=f"failed:{job.pk}")


@runner.handles(REFUSED)
def refuse(run):
    raise runner.JobRefused("The report has no period.")


@runner.handles(LATE)
def lose_the_lease(run):
    Job.objects.filter(pk=run.job.pk).update(heartbeat=clock.now() - timedelta(hours=1))
    runner.take_back(clock.now())
    return {"late": True}


runner.on_finish(LATE)(tell)


@pytest.fixture
def owner(db):
    return UserFactory()


@pytest.fixture(autouse=True)
def no_doorbell(monkeypatch, settings):
    """Nobody answers the bell: these tests run the jobs themselves."""
    settings.CELERY_TASK_ALWAYS_EAGER = False


def test_a_job_runs_once_and_what_follows_happens_once(owner):
    job = workflow.enqueue(KIND, owner, {"made": 7})
    workflow.run_inline(job)
    runner.run(job.pk, beating=False)
    job.refresh_from_db()
    assert (job.state, job.result, job.done, job.total, job.attempt) == ("done", {"made": 7}, 3, 3, 1)
    assert Notice.objects.filter(key__startswith="done:").count() == 1


def test_a_claimed_job_is_nobody_elses(owner):
    job = workflow.enqueue(KIND, owner)
    assert runner.claim(job.pk) is not None
    assert runner.claim(job.pk) is None


def test_a_worker_back_from_the_dead_writes_nothing(owner):
    job = workflow.enqueue(LATE, owner)
    runner.run(job.pk, beating=False)
    job.refresh_from_db()
    assert (job.state, job.result) == ("queued", {})
    assert not Notice.objects.exists()
    stolen = runner.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(lease=Job.new_lease())
    with pytest.raises(runner.LostLease):
        runner.Run(stolen).progress(1)


def test_an_error_is_tried_again_and_then_given_up_with_a_sentence_without_personal_data(owner, settings, caplog):
    job = workflow.enqueue(BROKEN, owner)
    for _attempt in range(settings.JOB_MAX_ATTEMPTS + 2):
        runner.run(job.pk, beating=False)
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("failed", settings.JOB_MAX_ATTEMPTS)
    assert job.error == runner.GAVE_UP
    assert all("15400001234" not in mask_numbers(record.getMessage()) for record in caplog.records)
    assert Notice.objects.filter(key__startswith="failed:").count() == 1


def test_a_refusal_fails_at_once_with_its_own_sentence(owner):
    job = workflow.run_inline(workflow.enqueue(REFUSED, owner))
    assert (job.state, job.attempt, job.error) == ("failed", 1, "The report has no period.")


def test_a_silent_job_is_taken_back_and_after_three_deaths_failed(owner, settings):
    job = workflow.enqueue(KIND, owner)
    for death in range(1, settings.JOB_MAX_ATTEMPTS + 1):
        assert runner.claim(job.pk) is not None
        Job.objects.filter(pk=job.pk).update(heartbeat=clock.now() - timedelta(seconds=settings.JOB_STALE_SECONDS + 1))
        workflow.look_after(clock.now())
        job.refresh_from_db()
        assert job.state == ("failed" if death == settings.JOB_MAX_ATTEMPTS else "queued")
    assert job.error


def test_a_parent_waits_for_its_parts_and_counts_them(owner):
    job = workflow.enqueue(KIND, owner, parts=[workflow.PartSpec(KIND), workflow.PartSpec(KIND)])
    assert (job.state, job.total) == ("waiting", 3)
    first, second = job.parts.all()
    runner.run(first.pk, beating=False)
    job.refresh_from_db()
    assert (job.state, job.done) == ("waiting", 1)
    runner.run(second.pk, beating=False)
    job.refresh_from_db()
    assert job.state == "queued"
    runner.run(job.pk, beating=False)
    job.refresh_from_db()
    assert job.state == "done"


def test_a_failed_part_fails_the_whole_and_stops_the_others(owner):
    job = workflow.enqueue(BROKEN, owner, parts=[workflow.PartSpec(REFUSED), workflow.PartSpec(KIND)])
    refused = job.parts.get(kind=REFUSED)
    runner.run(refused.pk, beating=False)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "The report has no period.")
    assert job.parts.get(kind=KIND).state == "cancelled"
    assert Notice.objects.filter(key=f"failed:{job.pk}:{owner.pk}").exists()


def test_a_cancelled_job_is_lost_to_the_worker_that_holds_it(owner):
    job = workflow.enqueue(KIND, owner)
    held = runner.claim(job.pk)
    assert workflow.cancel(job)
    with pytest.raises(runner.LostLease):
        runner.finish(held, {})
    assert not workflow.cancel(job)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_loses_no_job(monkeypatch):
    from celery import current_app
    from kombu.exceptions import OperationalError

    def away(*args, **kwargs):
        raise OperationalError("no broker")

    owner = UserFactory()
    monkeypatch.setattr(current_app, "send_task", away)
    job = workflow.enqueue(KIND, owner)
    job.refresh_from_db()
    assert (job.state, job.rung_at) == ("queued", None)
    rung = []
    monkeypatch.setattr(current_app, "send_task", lambda *args, **kwargs: rung.append(kwargs["args"]))
    workflow.look_after(clock.now())
    assert rung == [[str(job.pk)]]


def test_jobs_are_seen_by_their_owner_alone(owner, client):
    job = workflow.enqueue(KIND, owner, title="中期报告")
    client.force_login(owner)
    assert client.get(reverse("jobs:detail", args=[job.pk])).status_code == 200
    assert "中期报告" in client.get(reverse("jobs:list")).content.decode()
    state = client.get(reverse("jobs:state", args=[job.pk])).json()
    assert (state["done"], state["total"], state["ended"]) == (0, 1, False)
    client.force_login(UserFactory())
    for name in ("jobs:detail", "jobs:state"):
        assert client.get(reverse(name, args=[job.pk])).status_code == 404


def test_a_job_that_beats_again_is_not_given_up(owner, settings):
    job = workflow.enqueue(KIND, owner)
    held = runner.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(attempt=settings.JOB_MAX_ATTEMPTS)
    held.refresh_from_db()
    runner.give_back(held, "no heartbeat", clock.now() - timedelta(seconds=settings.JOB_STALE_SECONDS))
    job.refresh_from_db()
    assert job.state == "running"


def test_what_follows_a_failure_cannot_keep_the_job_from_having_failed(owner, monkeypatch):
    monkeypatch.setitem(runner.FAILERS, REFUSED, break_down)
    job = workflow.run_inline(workflow.enqueue(REFUSED, owner))
    assert job.state == "failed"


def test_a_cancelled_part_cancels_a_whole_that_has_nothing_left_to_do(owner):
    job = workflow.enqueue(KIND, owner, parts=[workflow.PartSpec(KIND), workflow.PartSpec(KIND)])
    first, second = job.parts.all()
    runner.run(first.pk, beating=False)
    workflow.cancel(second)
    workflow.look_after(clock.now())
    job.refresh_from_db()
    assert job.state == "cancelled"
