"""Recording a service: what is refused and kept, sent twice, photos, moving, removing, without script (D2.1, G1)."""

import io
import re
from datetime import date
from html import escape
from uuid import uuid4

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from PIL import Image

from casework.models import RecordFile, ServiceRecord
from jinjiang_portal import clock
from jinjiang_portal.files.models import StoredFile
from staffing.models import WorkLog
from tests.factories import ClientFactory
from tests.scenes import make_log

pytestmark = pytest.mark.tier

DAY = date(2024, 6, 26)
PROCESS = "入户查看居住和用电情况，提醒防暑，约定下周再来。"


@pytest.fixture
def person(scene):
    return ClientFactory(station=scene.own.station, name="王小英")


def typed(*clients, **values):
    """What a worker types on the page of an item."""
    return {
        "key": str(uuid4()), "item": "T1.4", "client": [str(one.pk) for one in clients], "day": DAY.isoformat(),
        "starts_at": "09:15", "minutes": "1:10", "mode": "home", "met": "on", "place": "和平路口", "process": PROCESS,
        "result": "情绪平稳",
    } | values  # fmt: skip


def said(answer, sentence, **values):
    return escape(_(sentence) % values if values else _(sentence)) in answer.content.decode()


def refused(answer):
    """Whether the page came back with everything typed and no record was left."""
    text = answer.content.decode()
    assert answer.status_code == 400
    assert all(word in text for word in (PROCESS, "和平路口", "情绪平稳", "09:15", "1:10"))
    assert not ServiceRecord.objects.exists()
    assert not StoredFile.objects.exists()


def photo(width=40):
    """A JPEG that says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (24.0, 49.0, 12.0), 3: "E", 4: (118.0, 34.0, 5.0)})
    exif[0x010F] = "相机厂"
    held = io.BytesIO()
    Image.new("RGB", (width, 30), "teal").save(held, "JPEG", exif=exif)
    return SimpleUploadedFile("上门.jpg", held.getvalue(), "image/jpeg")


def test_a_service_is_kept_on_the_log_of_its_day(scene, client, person):
    client.force_login(scene.own.worker)
    answer = client.post("/records/new/", typed(person))
    record = ServiceRecord.objects.get()
    assert answer.url == "/logs/day/2024-06-26/"
    assert (record.log.day, record.log.state, record.station) == (DAY, "draft", scene.own.station)
    assert (record.minutes, record.quantity, record.village) == (70, 1, person.village)
    assert list(record.clients.all()) == [person]


def test_the_same_form_sent_twice_is_one_record(scene, client, person):
    client.force_login(scene.own.worker)
    data = typed(person)
    assert [client.post("/records/new/", data | {"photos": photo()}).status_code for _time in range(2)] == [302, 302]
    assert ServiceRecord.objects.count() == RecordFile.objects.count() == StoredFile.objects.count() == 1


def test_without_consent_nothing_is_recorded(scene, client):
    nobody = ClientFactory(station=scene.own.station, name="林阿土", consent_on=None)
    client.force_login(scene.own.worker)
    answer = client.post("/records/new/", typed(nobody))
    refused(answer)
    assert said(
        answer, "%(name)s has not consented to being recorded by %(day)s. Note the consent on the client's page first.",
        name="林阿土", day="2024-06-26",
    )  # fmt: skip
    assert str(nobody.pk) in answer.content.decode()
    assert not WorkLog.objects.exists()


def test_a_child_without_guardian_is_not_recorded(scene, client):
    child = ClientFactory(station=scene.own.station, name="林小宝", birth_date=date(2010, 6, 27))
    client.force_login(scene.own.worker)
    answer = client.post("/records/new/", typed(child))
    refused(answer)
    assert said(answer, "%(name)s is under 14: name the guardian on the client's page first.", name="林小宝")
    assert client.post("/records/new/", typed(child, day="2024-06-27")).status_code == 302


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"day": "2024-06-29"}, "The day lies in the future. A record tells what has been done."),
        ({"day": "2023-05-01"}, "The day lies more than a year back."),
        ({"follow_up_on": "2024-06-25"}, "The follow-up lies before the day of the service."),
        ({"client": []}, "Choose who was served."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(scene, client, person, values, sentence):
    client.force_login(scene.own.worker)
    answer = client.post("/records/new/", typed(person, **values))
    refused(answer)
    assert said(answer, sentence)


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_a_day_that_is_handed_in_takes_no_further_record(scene, client, person, state):
    make_log(scene.own, DAY, state=state)
    client.force_login(scene.own.worker)
    answer = client.post("/records/new/", typed(person))
    assert answer.status_code == 400
    assert PROCESS in answer.content.decode()
    assert "2024-06-26" in answer.content.decode()
    assert ServiceRecord.objects.count() == 1


def test_a_client_of_another_station_is_neither_shown_nor_recorded(scene, client):
    stranger = ClientFactory(station=scene.foreign.station, name="欧阳秀兰")
    client.force_login(scene.own.worker)
    page = client.get("/records/new/", {"item": "T1.4", "client": str(stranger.pk)}).content.decode()
    assert "欧阳" not in page
    answer = client.post("/records/new/", typed(stranger))
    refused(answer)
    assert "欧阳" not in answer.content.decode()


def test_a_huge_photo_is_refused_and_the_text_kept(scene, client, person):
    client.force_login(scene.own.worker)
    huge = SimpleUploadedFile("大图.jpg", b"\xff\xd8\xff\xe0" + bytes(50 * 1024 * 1024), "image/jpeg")
    answer = client.post("/records/new/", typed(person, photos=huge))
    refused(answer)
    assert "大图.jpg" in answer.content.decode()
    assert not WorkLog.objects.exists()


def test_a_photo_loses_where_it_was_taken_and_goes_only_to_those_who_see_the_record(scene, client, person):
    client.force_login(scene.own.worker)
    assert client.post("/records/new/", typed(person, photos=photo())).status_code == 302
    stored = StoredFile.objects.get()
    log = WorkLog.objects.get()
    data = {"version": log.version, "act": "submit", "reflection": "", "plan": ""}
    assert client.post(f"/logs/day/{DAY}/submit/", data).status_code == 302
    client.force_login(scene.own.township)
    answer = client.get(f"/files/{stored.pk}/")
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as drawn:
        assert drawn.size == (40, 30)
        assert not drawn.getexif()
    for user in (scene.foreign.township, scene.foreign.worker, scene.foreign.manager, scene.sysadmin):
        client.force_login(user)
        assert client.get(f"/files/{stored.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("values", "quantity"),
    [
        ({"item": "T1.1"}, 2),
        ({"item": "T1.1", "others_served": "3"}, 5),
        ({"item": "T1.4"}, 2),
        ({"item": "T1.4", "met": ""}, 0),
        ({"item": "T1.2", "client": [], "answer_screened": "17"}, 17),
        ({"item": "T2.5", "client": [], "others_served": "30", "mode": "activity"}, 1),
    ],
)
def test_the_quantity_is_counted_by_the_items_unit(scene, client, person, values, quantity):
    other = ClientFactory(station=scene.own.station)
    client.force_login(scene.own.worker)
    assert client.post("/records/new/", typed(person, other, **values)).status_code == 302
    assert ServiceRecord.objects.get().quantity == quantity


def test_a_record_is_changed_and_moved_to_another_day(scene, client, person):
    client.force_login(scene.own.worker)
    client.post("/records/new/", typed(person, photos=photo()))
    record = ServiceRecord.objects.get()
    assert PROCESS in client.get(f"/records/{record.pk}/edit/").content.decode()
    data = typed(person, day="2024-06-27", minutes="45", version=record.version)
    assert client.post(f"/records/{record.pk}/edit/", data).url == "/logs/day/2024-06-27/"
    record.refresh_from_db()
    assert (record.log.day, record.day, record.minutes) == (date(2024, 6, 27), date(2024, 6, 27), 45)
    assert record.files.count() == 1
    stale = client.post(f"/records/{record.pk}/edit/", data | {"minutes": "50", "process": "另一版本的过程记录"})
    assert stale.status_code == 400
    assert "另一版本的过程记录" in stale.content.decode()
    assert PROCESS in stale.content.decode()  # what the other one saved stands beside it
    record.refresh_from_db()
    assert record.minutes == 45


def test_a_record_is_not_moved_to_a_day_that_is_approved(scene, client, person):
    make_log(scene.own, date(2024, 6, 25), state="approved")
    client.force_login(scene.own.worker)
    client.post("/records/new/", typed(person))
    record = ServiceRecord.objects.get(day=DAY)
    answer = client.post(f"/records/{record.pk}/edit/", typed(person, day="2024-06-25", version=record.version))
    assert answer.status_code == 400
    record.refresh_from_db()
    assert record.log.day == record.day == DAY


def test_removing_a_record_takes_its_photos_along(scene, client, person):
    client.force_login(scene.own.worker)
    client.post("/records/new/", typed(person, photos=photo()))
    record, stored = ServiceRecord.objects.get(), StoredFile.objects.get()
    client.force_login(scene.foreign.worker)
    assert client.post(f"/records/{record.pk}/remove/").status_code == 404
    client.force_login(scene.own.worker)
    assert client.post(f"/records/{record.pk}/remove/").url == "/logs/day/2024-06-26/"
    assert not ServiceRecord.objects.exists()
    assert not RecordFile.objects.exists()
    assert client.get(f"/files/{stored.pk}/").status_code == 404


def test_a_record_under_review_is_not_removed(scene, client):
    record = make_log(scene.own, DAY, state="submitted").service_records.get()
    client.force_login(scene.own.worker)
    client.post(f"/records/{record.pk}/remove/")
    assert ServiceRecord.objects.filter(pk=record.pk).exists()


def test_without_script_the_find_button_offers_matches_and_keeps_what_was_typed(scene, client, person):
    chosen = ClientFactory(station=scene.own.station, name="林阿土")
    ClientFactory(station=scene.foreign.station, name="王大山")
    for row in (person, chosen):
        row.keys.create(key=row.name)
    client.force_login(scene.own.worker)
    answer = client.post("/records/new/", typed(chosen, find="1", client_search="王"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert all(word in text for word in (PROCESS, "和平路口", "情绪平稳", "09:15", "1:10", "林阿土"))
    assert re.search(rf'type="checkbox" name="client" value="{person.pk}"', text)
    assert "王大山" not in text
    assert not ServiceRecord.objects.exists()
    assert not WorkLog.objects.exists()


def test_the_list_is_exported_without_names_of_people_served(scene, client):
    make_log(scene.own, DAY, state="approved")
    make_log(scene.foreign, DAY, state="approved")
    client.force_login(scene.own.township)
    answer = client.get("/records/", {"export": "xlsx", "purpose": "月度核对"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    cells = [str(cell) for row in load_workbook(io.BytesIO(content)).active.values for cell in row if cell]
    assert scene.own.staff.name in cells
    assert scene.foreign.staff.name not in cells
    assert not any("试某" in cell for cell in cells)
    entry = LogEntry.objects.get(additional_data__kind="export")
    assert (entry.additional_data["count"], entry.additional_data["purpose"]) == (1, "月度核对")


def test_drafts_are_seen_by_the_station_only(scene, client, person):
    client.force_login(scene.own.worker)
    client.post("/records/new/", typed(person))
    record = ServiceRecord.objects.get()
    for user, status in [
        (scene.own.worker, 200), (scene.own.manager, 200), (scene.own.township, 404), (scene.bureau, 404),
        (scene.foreign.worker, 404), (scene.own.finance, 403),
    ]:  # fmt: skip
        client.force_login(user)
        assert client.get(f"/records/{record.pk}/").status_code == status
    assert clock.today() >= record.day
