"""Pages of stations, contracts and the programme year (D1.1, D1.2, S3, S4, S9–S12)."""

import pytest
from django.urls import reverse

from stations.models import Station
from stations.views import with_posts


def test_the_list_shows_staff_required_and_in_post_for_all_22_stations(scene, client):
    rows = with_posts(Station.objects.visible_to(scene.bureau), scene.bureau)
    assert (len(rows), sum(row.required for row in rows)) == (22, 53)
    assert sum(row.posted for row in rows) == 2
    client.force_login(scene.bureau)
    page = client.get(reverse("stations:station-list")).content.decode()
    assert "陈埭镇民政服务站" in page


@pytest.mark.parametrize(("typed", "found"), [("cd", "陈埭镇"), ("chendai", "陈埭镇"), ("池店", "池店镇")])
def test_stations_are_found_by_characters_pinyin_and_initials(scene, typed, found):
    assert found in [station.township.name for station in Station.objects.named(typed)]


def test_a_township_keeps_its_own_station_and_no_other(scene, client):
    client.force_login(scene.own.township)
    own, foreign = scene.own.station, scene.foreign.station
    assert client.get(reverse("stations:station-detail", args=[foreign.pk])).status_code == 404
    assert client.post(reverse("stations:station-update", args=[foreign.pk]), {"address": "x"}).status_code == 404
    answer = client.post(reverse("stations:station-update", args=[own.pk]), {"address": "中山路1号", "phone": "123"})
    assert answer.status_code == 400
    assert "中山路1号" in answer.content.decode()
    answer = client.post(reverse("stations:station-update", args=[own.pk]), {"address": "中山路1号", "phone": ""})
    assert answer.status_code == 302
    own.refresh_from_db()
    assert own.address == "中山路1号"


def test_the_programme_page_shows_parameters_with_clauses(scene, client):
    client.force_login(scene.own.worker)
    page = client.get(reverse("stations:programme")).content.decode()
    for piece in ("S6a", "S9", "T1.4", "T5.4", "53"):
        assert piece in page


def test_a_contract_is_seen_by_its_parties(scene, client):
    address = reverse("stations:contract-detail", args=[scene.own.contract.pk])
    seen = {}
    for name, user in scene.users.items():
        client.force_login(user)
        seen[name] = client.get(address).status_code
    assert seen == {
        "bureau_admin": 200, "bureau_viewer": 200, "inspector": 200, "system_admin": 403, "township_supervisor": 403,
        "contractor_manager": 200, "contractor_finance": 200, "station_worker": 403,
    }  # fmt: skip
    client.force_login(scene.foreign.manager)
    assert client.get(address).status_code == 404
