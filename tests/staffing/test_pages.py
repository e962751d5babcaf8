"""Pages of logs, staff and vacancies: nothing typed is lost, each step says what happened (D2.2, D3.1, D4.1, S5)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from casework.models import ServiceRecord
from jinjiang_portal import clock, identity
from staffing import workflow
from staffing.models import Certificate, Vacancy, WorkLog
from tests.factories import PostingFactory, StaffFactory
from tests.scenes import make_log

DAY = date(2024, 6, 27)
ON = DAY.isoformat()


def day_page(name="log-day", day=ON):
    return reverse(f"staffing:{name}", args=[day])


@pytest.fixture
def worker(scene, client):
    client.force_login(scene.own.worker)
    return client


@pytest.fixture
def township(scene, client):
    client.force_login(scene.own.township)
    return client


def text(answer):
    return answer.content.decode()


def test_a_line_with_a_mistake_keeps_what_was_typed(scene, worker):
    answer = worker.post(day_page("line-add"), {"kind": "meeting", "minutes": "很久", "text": "参加周例会"})
    assert answer.status_code == 400
    assert "参加周例会" in text(answer)
    assert "很久" in text(answer)
    answer = worker.post(day_page("line-add"), {"kind": "meeting", "minutes": "1:30", "text": "参加周例会"})
    assert answer.status_code == 302
    line = WorkLog.objects.get().lines.get()
    assert line.minutes == 90
    assert worker.post(reverse("staffing:line-remove", args=[line.pk])).status_code == 302
    assert not WorkLog.objects.get().lines.exists()


def test_the_day_is_handed_in_once_and_can_be_withdrawn(scene, worker):
    log = make_log(scene.own, DAY)
    sent = {"version": log.version, "reflection": "今天走访顺利", "plan": "", "act": "submit"}
    for _time in range(2):
        assert worker.post(day_page("log-submit"), sent).status_code == 302
    log.refresh_from_db()
    assert (log.state, log.reflection, log.events.count()) == ("submitted", "今天走访顺利", 1)
    page = text(worker.get(day_page()))
    assert reverse("staffing:log-withdraw", args=[ON]) in page
    worker.post(day_page("log-withdraw"))
    log.refresh_from_db()
    assert log.state == "draft"


def test_a_stale_save_of_the_day_shows_both_texts_and_can_be_repeated(scene, worker):
    log = make_log(scene.own, DAY)
    seen = log.version
    workflow.save_day(log, scene.own.worker, reflection="先保存的文字", plan="", version=seen)
    sent = {"version": seen, "reflection": "后写的文字", "plan": "", "act": "save"}
    answer = worker.post(day_page("log-submit"), sent)
    assert answer.status_code == 400
    assert "先保存的文字" in text(answer)
    assert "后写的文字" in text(answer)
    log.refresh_from_db()
    assert log.reflection == "先保存的文字"
    assert worker.post(day_page("log-submit"), sent | {"version": log.version}).status_code == 302


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2024-02-30", "heute"])
def test_days_no_log_can_have_are_not_found(scene, worker, day):
    assert worker.get(day_page(day=day)).status_code == 404
    assert worker.get(reverse("staffing:log-week") + f"?day={day}").status_code == 404


def test_a_return_reaches_the_worker_with_its_reason(scene, township):
    log = make_log(scene.own, DAY, state="submitted")
    address = reverse("staffing:log-decide", args=[log.pk])
    answer = township.post(address, {"act": "return", "version": log.version, "reason": "other", "text": " "})
    assert answer.status_code == 400
    sent = {"act": "return", "version": log.version, "reason": "brief", "text": "请补充后续安排"}
    assert township.post(address, sent).status_code == 302
    township.force_login(scene.own.worker)
    page = text(township.get(day_page()))
    assert "请补充后续安排" in page
    assert "过程过于简略" in page
    assert scene.own.worker.notices.count() == 1


@pytest.mark.parametrize("version", ["", "²", "x", "99"])
def test_a_decision_on_another_version_is_refused_and_nothing_breaks(scene, township, version):
    log = make_log(scene.own, DAY, state="submitted")
    township.post(reverse("staffing:log-decide", args=[log.pk]), {"act": "approve", "version": version})
    log.refresh_from_db()
    assert log.state == "submitted"


def test_a_batch_approves_what_it_can_and_says_what_it_could_not(scene, township):
    logs = [make_log(scene.own, DAY - timedelta(days=n), state="submitted") for n in range(3)]
    foreign = make_log(scene.foreign, DAY, state="submitted")
    ticked = [f"{log.pk}:{log.version}" for log in logs] + [f"{foreign.pk}:{foreign.version}", "x:1", "²:²"]
    ticked[1] = f"{str(logs[1].pk).upper()}:7"
    answer = township.post(reverse("staffing:log-batch"), {"act": "approve", "log": ticked}, follow=True)
    assert answer.status_code == 200
    states = dict(WorkLog.objects.values_list("pk", "state"))
    assert [states[log.pk] for log in logs] == ["approved", "submitted", "approved"]
    assert states[foreign.pk] == "submitted"
    assert str(logs[1]) in text(answer)


def test_a_batch_returns_all_with_one_reason(scene, township):
    logs = [make_log(scene.own, DAY - timedelta(days=n), state="submitted") for n in range(2)]
    sent = {"act": "return", "log": [f"{log.pk}:{log.version}" for log in logs], "reason": "hours", "text": ""}
    township.post(reverse("staffing:log-batch"), sent)
    assert set(WorkLog.objects.values_list("state", flat=True)) == {"returned"}


def test_a_decision_is_undone_and_an_approved_log_opened_for_correction(scene, township):
    log = make_log(scene.own, DAY, state="approved")
    township.post(reverse("staffing:log-decide", args=[log.pk]), {"act": "undo"})
    log.refresh_from_db()
    assert log.state == "submitted"
    workflow.approve_log(log, scene.own.township)
    township.post(reverse("staffing:log-correct", args=[log.pk]), {"reason": "hours", "text": "时长有误"})
    log.refresh_from_db()
    assert log.state == "returned"


def test_the_review_page_says_what_the_checks_found(scene, township):
    log = make_log(scene.own, DAY)
    ServiceRecord.objects.filter(log=log).update(minutes=5)
    workflow.submit_log(log, scene.own.worker)
    page = text(township.get(reverse("staffing:log-review")))
    log.refresh_from_db()
    assert log.flagged
    assert "data-flag" in page
    assert "flagged" in page


def test_a_foreign_log_is_not_found(scene, township):
    foreign = make_log(scene.foreign, DAY, state="submitted")
    assert township.get(reverse("staffing:log-detail", args=[foreign.pk])).status_code == 404
    assert township.post(reverse("staffing:log-decide", args=[foreign.pk]), {"act": "approve"}).status_code == 404


def test_staff_are_listed_with_post_and_certificate_and_filtered(scene, client):
    holder = StaffFactory(contractor=scene.own.contractor, name="曾小梅", pinyin="zeng xiao mei")
    PostingFactory(staff=holder, station=scene.own.station, contract=scene.own.contract)
    Certificate.objects.create(staff=holder, level="junior", number="T1", issued_on=date(2023, 9, 1))
    client.force_login(scene.own.manager)
    address = reverse("staffing:staff-list")
    assert "曾小梅" in text(client.get(address, {"q": "zxm", "certified": "yes"}))
    assert "曾小梅" not in text(client.get(address, {"certified": "no"}))
    assert scene.foreign.staff.name not in text(client.get(address))


def test_full_numbers_of_staff_are_shown_for_a_reason_only(scene, client):
    person = scene.own.staff
    person.id_number = identity.make_id_number("350599", date(1990, 5, 1), 8)
    person.save()
    client.force_login(scene.own.manager)
    address = reverse("staffing:staff-reveal", args=[person.pk])
    assert person.id_number not in text(client.get(address))
    assert client.post(address, {"reason": ""}).status_code == 400
    assert person.id_number in text(client.post(address, {"reason": "办理社保登记"}))
    client.force_login(scene.own.township)
    assert client.post(address, {"reason": "办理社保登记"}).status_code == 403


def test_vacancies_are_open_overdue_or_filled(scene, client):
    today = clock.today()
    for last, due, filled in [(20, -1, None), (60, 20, None), (90, 60, 70), (90, 50, 60)]:
        Vacancy.objects.create(
            station=scene.own.station, contract=scene.own.contract, last_day=today - timedelta(days=last),
            due_on=today - timedelta(days=due), filled_on=today - timedelta(days=filled) if filled else None,
        )  # fmt: skip
    client.force_login(scene.bureau)
    address = reverse("staffing:vacancy-list")
    counts = {
        state: text(client.get(address, {"state": state})).count("<tr ") for state in ("", "open", "overdue", "filled")
    }
    assert counts == {"": 4, "open": 2, "overdue": 1, "filled": 2}
    assert Vacancy.objects.overdue_on(today).count() == 1
