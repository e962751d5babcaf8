"""Finding a client: characters, pinyin, initials, last four, village; and who may not ask by name (G1, SECURITY 6)."""

from datetime import date

import pytest

from casework.models import Client
from casework.workflow import save_client
from jinjiang_portal import identity
from tests.factories import ClientFactory

pytestmark = pytest.mark.tier

NUMBER = identity.make_id_number("350599", date(1950, 3, 4), 122)
PHONE = "15400007788"


@pytest.fixture
def person(scene):
    made = ClientFactory.build(
        station=scene.own.station, village=scene.own.station.township.villages.first(), name="王小英",
        id_number=NUMBER, phone=PHONE,
    )  # fmt: skip
    save_client(made, scene.own.worker, ["E-DJ"])
    ClientFactory(station=scene.own.station, name="林阿土", village=scene.own.station.township.villages.last())
    return made


@pytest.mark.parametrize("typed", ["王", "王小英", "wang", "WangXiao", "wxy", "wx", NUMBER[-4:], "7788", NUMBER, PHONE])
def test_a_client_is_found_in_every_way_people_type(scene, client, person, typed):
    client.force_login(scene.own.worker)
    text = client.get("/clients/", {"q": typed}).content.decode()
    assert "王小英" in text
    assert "林阿土" not in text
    found = client.get("/clients/pick/", {"q": typed}).json()["results"]
    assert [row["id"] for row in found] == [str(person.pk)]
    assert "王小英" in client.get("/search/", {"q": typed}).content.decode()


def test_a_client_is_found_by_the_village(scene, client, person):
    client.force_login(scene.own.worker)
    text = client.get("/clients/", {"q": person.village.name[:2]}).content.decode()
    assert "王小英" in text


@pytest.mark.parametrize("typed", ["zhangxiao", "788", "99999999999", "%", "_", "王*英"])
def test_what_fits_nothing_finds_nobody(scene, client, person, typed):
    client.force_login(scene.own.worker)
    assert client.get("/clients/pick/", {"q": typed}).json()["results"] == []


@pytest.mark.parametrize("role", ["contractor_manager", "inspector", "bureau_viewer"])
@pytest.mark.parametrize("typed", ["王小英", "wxy", NUMBER[-4:], "7788", NUMBER, PHONE])
def test_roles_that_see_no_names_cannot_ask_by_name_or_number(scene, client, person, role, typed):
    client.force_login(scene.users[role])
    link = f"/clients/{person.pk}/"
    assert link in client.get("/clients/").content.decode()
    assert link not in client.get("/clients/", {"q": typed}).content.decode()
    assert link not in client.get("/search/", {"q": typed}).content.decode()
    text = client.get("/clients/", {"q": person.village.name[:2]}).content.decode()
    assert link in text
    assert "王小英" not in text
    assert "王*英" in text


def test_the_other_station_is_never_found(scene, client, person):
    client.force_login(scene.foreign.worker)
    for typed in ("王小英", NUMBER, PHONE, "7788"):
        assert client.get("/clients/pick/", {"q": typed}).json()["results"] == []
        assert str(person.pk) not in client.get("/clients/", {"q": typed}).content.decode()


def test_a_new_name_replaces_the_old_keys(scene, person):
    stored = Client.objects.get(pk=person.pk)
    stored.name = "陈美玉"
    save_client(stored, scene.own.worker, ["E-DJ"], version=stored.version)
    rows = Client.objects.visible_to(scene.own.worker)
    assert not rows.search("wxy").exists()
    assert rows.search("cmy").get() == stored
