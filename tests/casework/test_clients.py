"""Keeping a client's file: mistakes lose nothing, duplicates, stale saves, masked and revealed numbers (G1)."""

import io
import threading
from datetime import date
from html import escape
from uuid import uuid4

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from casework.models import Client, Household
from casework.workflow import archive_client, save_client
from jinjiang_portal import identity
from jinjiang_portal.versioned import StaleVersion
from tests.factories import ClientFactory
from tests.scenes import build_scene

pytestmark = pytest.mark.tier

BIRTH = date(1950, 3, 4)
NUMBER = identity.make_id_number("350599", BIRTH, 122)  # even: female
PHONE = "15400007788"
STALE = "Somebody saved this page after you opened it. Compare both versions below."


def keep(side, **values):
    """A client on file at the side's station, by the workflow."""
    values = {"name": "王小英", "id_number": NUMBER, "phone": PHONE, "birth_date": BIRTH} | values
    made = ClientFactory.build(station=side.station, village=side.station.township.villages.first(), **values)
    return save_client(made, side.worker, ["E-DJ"])


def typed(side, **values):
    """What a worker types into the empty page."""
    return {
        "key": str(uuid4()), "name": "王小英", "document_kind": "id_card", "id_number": NUMBER, "phone": PHONE,
        "village": side.station.township.villages.first().pk, "risk": "green", "living": "独自居住",
        "address": "和平路350599号", "categories": ["E-DJ"], "consent_on": "2024-01-02", "consent_how": "书面",
        "note": "听力不好，敲门要久一点",
    } | values  # fmt: skip


def said(answer, sentence, **values):
    return escape(_(sentence) % values if values else _(sentence)) in answer.content.decode()


def kept(answer, data):
    """Whether everything typed stands in the page again."""
    page = answer.content.decode()
    return all(data[name] in page for name in ("name", "id_number", "phone", "living", "address", "note"))


def test_a_new_client_is_kept_with_what_the_number_says(scene, client):
    client.force_login(scene.own.worker)
    data = typed(scene.own)
    answer = client.post("/clients/new/", data)
    row = Client.objects.get()
    assert answer.url == f"/clients/{row.pk}/"
    assert (row.birth_date, row.sex, row.station, row.id_number) == (BIRTH, "female", scene.own.station, NUMBER)
    assert client.post("/clients/new/", data).url == answer.url
    assert Client.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"id_number": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")},
            "The last place of the ID number does not fit the others: one is mistyped. Compare it with the card.",
        ),
        ({"birth_date": "1951-03-04"}, "The date of birth does not agree with the ID number."),
        ({"sex": "male"}, "The sex does not agree with the ID number."),
        ({"consent_on": "2024-06-29"}, "A consent cannot be given in the future."),
        ({"document_kind": "none"}, "A number was typed: choose which document it stands on."),
    ],
)
def test_a_mistake_is_named_and_everything_typed_is_kept(scene, client, values, sentence):
    client.force_login(scene.own.worker)
    data = typed(scene.own, **values)
    answer = client.post("/clients/new/", data)
    assert answer.status_code == 400
    assert said(answer, sentence)
    assert kept(answer, data)
    assert not Client.objects.exists()


def test_a_duplicate_at_the_own_station_is_named(scene, client):
    keep(scene.own)
    client.force_login(scene.own.worker)
    data = typed(scene.own, name="王晓英", phone="")
    answer = client.post("/clients/new/", data)
    assert answer.status_code == 400
    assert said(
        answer, "This ID number is already on file at your station: %(name)s. Open that page instead.", name="王小英"
    )
    assert "听力不好" in answer.content.decode()


def test_a_duplicate_at_another_station_tells_nothing_about_it(scene, client):
    keep(scene.foreign, name="欧阳秀兰")
    client.force_login(scene.own.worker)
    answer = client.post("/clients/new/", typed(scene.own))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert said(answer, "This person is on file at another station. Ask the civil-affairs bureau to transfer the file.")
    assert "欧阳" not in text
    assert scene.foreign.station.township.name not in text
    assert Client.objects.count() == 1


def test_a_look_alike_asks_once(scene, client):
    keep(scene.own, id_number="", phone="")
    client.force_login(scene.own.worker)
    data = typed(scene.own)
    answer = client.post("/clients/new/", data)
    assert answer.status_code == 400
    assert kept(answer, data)
    assert client.post("/clients/new/", data | {"another": "on"}).status_code == 302
    assert Client.objects.count() == 2


def test_a_look_alike_elsewhere_is_not_hinted_at(scene, client):
    keep(scene.foreign, id_number="")
    client.force_login(scene.own.worker)
    assert client.post("/clients/new/", typed(scene.own)).status_code == 302


def test_pages_of_a_client_do_not_show_the_numbers(scene, client):
    row = keep(scene.own, guardian_name="王大明", guardian_phone="15400009911")
    for user in scene.users.values():
        client.force_login(user)
        for page in ("", "edit/", "reveal/"):
            text = client.get(f"/clients/{row.pk}/{page}").content.decode()
            assert not any(number in text for number in (NUMBER, PHONE, "15400009911"))


def test_changing_a_client_keeps_the_numbers_that_were_not_typed(scene, client):
    row = keep(scene.own)
    client.force_login(scene.own.worker)
    data = typed(scene.own, id_number="", phone="", version=row.version, note="换了门锁")
    assert client.post(f"/clients/{row.pk}/edit/", data).status_code == 302
    stored = Client.objects.get()
    assert (stored.id_number, stored.phone, stored.note) == (NUMBER, PHONE, "换了门锁")
    data |= {"phone": "-", "version": stored.version}
    assert client.post(f"/clients/{row.pk}/edit/", data).status_code == 302
    stored.refresh_from_db()
    assert (stored.id_number, stored.phone, stored.phone_tail_hash) == (NUMBER, "", "")


def test_a_stale_save_shows_both_versions_and_overwrites_nothing(scene, client):
    row = keep(scene.own)
    client.force_login(scene.own.worker)
    old = row.version
    other = Client.objects.get()
    other.living, other.phone = "与女儿同住", "15400001122"
    save_client(other, scene.own.worker, ["E-DJ"], version=old)
    data = typed(scene.own, living="搬到敬老院", phone="15400003344", id_number="", version=old)
    answer = client.post(f"/clients/{row.pk}/edit/", data)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert said(answer, STALE)
    assert "与女儿同住" in text
    assert "搬到敬老院" in text
    assert "154****1122" in text
    assert "154****3344" in text
    assert "15400001122" not in text
    row.refresh_from_db()
    assert (row.living, row.phone) == ("与女儿同住", "15400001122")
    again = data | {"version": row.version}
    assert client.post(f"/clients/{row.pk}/edit/", again).status_code == 302
    row.refresh_from_db()
    assert row.living == "搬到敬老院"


@pytest.mark.django_db(transaction=True)
def test_of_twenty_saves_at_once_one_is_kept_and_the_others_are_refused():
    scene = build_scene()
    row = keep(scene.own)
    outcomes: list[str] = []
    barrier = threading.Barrier(20)

    def save(number):
        try:
            mine = Client.objects.get(pk=row.pk)
            mine.living = f"第{number}人"
            barrier.wait(30)
            save_client(mine, scene.own.worker, ["E-DJ"], version=row.version)
            outcomes.append(mine.living)
        except StaleVersion:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("stale") == 19
    stored = Client.objects.get()
    assert stored.living in outcomes
    assert stored.version == row.version + 1


@pytest.mark.parametrize("page", ["", "edit/", "close/", "reveal/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_client_of_another_station_is_not_there(scene, client, page, method):
    row = keep(scene.foreign)
    client.force_login(scene.own.worker)
    answer = getattr(client, method)(f"/clients/{row.pk}/{page}", {"because": "迁出", "why": "visit"})
    assert answer.status_code == (405 if (method, page) == ("post", "") else 404)
    assert "王小英" not in answer.content.decode()
    row.refresh_from_db()
    assert row.archived_on is None


def test_numbers_are_shown_once_for_a_reason_that_is_written_down(scene, client):
    row = keep(scene.own)
    client.force_login(scene.own.township)
    assert client.post(f"/clients/{row.pk}/reveal/", {}).status_code == 400
    assert client.post(f"/clients/{row.pk}/reveal/", {"why": "other", "words": " "}).status_code == 400
    assert not LogEntry.objects.filter(additional_data__what="numbers").exists()
    answer = client.post(f"/clients/{row.pk}/reveal/", {"why": "other", "words": "核对高龄津贴"})
    assert NUMBER in answer.content.decode()
    assert PHONE in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    entry = LogEntry.objects.get(additional_data__what="numbers")
    assert (entry.actor, entry.object_pk) == (scene.own.township, str(row.pk))
    assert entry.additional_data["kind"] == "read"
    assert "核对高龄津贴" in entry.additional_data["reason"]
    for role in ("contractor_manager", "inspector", "bureau_viewer"):
        client.force_login(scene.users[role])
        assert client.post(f"/clients/{row.pk}/reveal/", {"why": "visit"}).status_code == 403


def test_the_export_is_masked_and_written_to_the_trail(scene, client):
    keep(scene.own)
    keep(scene.foreign, name="欧阳秀兰", id_number="", phone="")
    client.force_login(scene.own.township)
    answer = client.get("/clients/", {"export": "xlsx", "purpose": "季度核对"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    cells = [str(cell) for row in load_workbook(io.BytesIO(content)).active.values for cell in row if cell]
    assert "王*英" in cells
    assert identity.mask_id(NUMBER) in cells
    assert not any(word in cell for cell in cells for word in (NUMBER, PHONE, "王小英", "欧"))
    entry = LogEntry.objects.get(additional_data__kind="export")
    assert entry.actor == scene.own.township
    assert (entry.additional_data["count"], entry.additional_data["purpose"]) == (1, "季度核对")


def test_members_of_the_household_are_masked_where_the_client_is(scene, client):
    station = scene.own.station
    village = station.township.villages.first()
    home = Household.objects.create(station=station, village=village, name="王家")
    row = keep(scene.own, household=home)
    ClientFactory(station=station, household=home, name="王阿土", relation_to_head="长子")
    for user, shown in [(scene.own.worker, "王阿土"), (scene.own.manager, "王*土"), (scene.inspector, "王*土")]:
        client.force_login(user)
        text = client.get(f"/clients/{row.pk}/").content.decode()
        assert shown in text
        assert ("王阿土" in text) == (shown == "王阿土")


def test_a_file_is_closed_with_a_reason_and_stays_readable(scene, client):
    row = keep(scene.own)
    client.force_login(scene.own.worker)
    assert client.post(f"/clients/{row.pk}/close/", {"because": " "}).status_code == 400
    assert client.post(f"/clients/{row.pk}/close/", {"because": "迁往外地"}).status_code == 302
    assert "迁往外地" in client.get(f"/clients/{row.pk}/").content.decode()
    assert client.get("/clients/pick/", {"q": "wxy"}).json()["results"] == []
    link = f"/clients/{row.pk}/"
    assert link not in client.get("/clients/").content.decode()
    assert link in client.get("/clients/", {"closed": "on"}).content.decode()
    with pytest.raises(ValidationError):
        archive_client(row, scene.own.worker, "  ")


def test_categories_that_end_stay_in_the_history(scene):
    row = keep(scene.own)
    row.categories.update(starts_on=date(2024, 1, 1))
    save_client(row, scene.own.worker, ["R-DB-N"], version=row.version)
    assert [(c.category, c.ends_on) for c in row.categories.order_by("starts_on")] == [
        ("E-DJ", date(2024, 6, 28)),
        ("R-DB-N", None),
    ]
