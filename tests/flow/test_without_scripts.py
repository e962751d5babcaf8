"""A visit is recorded, handed in and approved with scripts switched off: the page works, scripts only help (UX.md)."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from casework.models import ClientKey, ServiceRecord
from jinjiang_portal import names
from staffing.models import WorkLog
from tests.factories import ClientFactory
from tests.scenes import build_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_visit_is_recorded_and_approved_without_scripts(live_server: Any, page_for: Any):
    scene = build_scene()
    client = ClientFactory(station=scene.own.station, name="王小英", pinyin=names.pinyin("王小英"))
    ClientKey.objects.bulk_create(ClientKey(client=client, key=key) for key in names.search_keys("王小英"))
    page = page_for(scene.own.worker, width=360, java_script_enabled=False)
    page.goto(f"{live_server.url}/records/new/?item=T1.4")
    page.locator("#id_process").fill("入户查看居住和用电情况，提醒防暑。")
    page.locator("#id_clients").fill("wxy")
    page.locator("button[name=find]").click()
    expect(page.locator("#id_process")).to_have_value("入户查看居住和用电情况，提醒防暑。")
    page.get_by_label("王小英").check()
    page.locator(".acts--sticky .btn--pri").click()
    expect(page.locator(".rec", has_text="T1.4")).to_be_visible()
    assert list(ServiceRecord.objects.get().clients.all()) == [client]
    page.locator("button[name=act][value=submit]").click()
    expect(page.locator("form[action$='/withdraw/']")).to_be_visible()

    desk = page_for(scene.own.township, java_script_enabled=False)
    desk.goto(f"{live_server.url}/review/logs/")
    desk.locator("#detail [data-approve]").click()
    assert WorkLog.objects.get(day=date(2024, 6, 28)).state == "approved"
