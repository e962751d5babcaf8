"""axe finds nothing on the pages of the flow, on a desk and on a phone, and no page scrolls sideways (UX.md)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.marked import mark_side
from tests.scenes import build_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = date(2024, 6, 28)

PAGES: list[tuple[str, str, Callable[[Any], list[Any]]]] = [
    ("station_worker", "home", lambda m: []),
    ("station_worker", "staffing:log-day", lambda m: [m.draft.day.isoformat()]),
    ("station_worker", "staffing:log-week", lambda m: []),
    ("station_worker", "casework:record-create", lambda m: []),
    ("station_worker", "casework:client-list", lambda m: []),
    ("station_worker", "casework:client-detail", lambda m: [m.client.pk]),
    ("station_worker", "casework:client-create", lambda m: []),
    ("station_worker", "messages", lambda m: []),
    ("township_supervisor", "home", lambda m: []),
    ("township_supervisor", "staffing:log-review", lambda m: []),
    ("township_supervisor", "staffing:log-detail", lambda m: [m.log.pk]),
    ("contractor_manager", "home", lambda m: []),
    ("contractor_manager", "reports:report-list", lambda m: []),
    ("contractor_manager", "reports:report-detail", lambda m: [m.report.pk]),
    ("contractor_manager", "reports:section-edit", lambda m: [m.report.pk, m.report.sections.first().key]),
    ("contractor_finance", "budget:voucher-create", lambda m: []),
    ("bureau_admin", "home", lambda m: []),
    ("bureau_admin", "reports:overview", lambda m: []),
    ("bureau_admin", "reports:figures", lambda m: [m.report.pk]),
    ("bureau_admin", "stations:contract-detail", lambda m: [m.side.contract.pk]),
    ("bureau_admin", "stations:station-detail", lambda m: [m.side.station.pk]),
    ("bureau_admin", "budget:voucher-detail", lambda m: [m.voucher.pk]),
    ("bureau_admin", "audit:list", lambda m: []),
    ("bureau_admin", "stations:station-list", lambda m: []),
    ("bureau_admin", "staffing:log-list", lambda m: []),
    ("bureau_admin", "budget:execution", lambda m: []),
    ("bureau_admin", "stations:programme", lambda m: []),
    ("bureau_admin", "staffing:staff-detail", lambda m: [m.side.staff.pk]),
    ("bureau_admin", "casework:record-detail", lambda m: [m.record.pk]),
    ("system_admin", "account-list", lambda m: []),
    ("system_admin", "styleguide", lambda m: []),
]


@pytest.mark.parametrize("width", [1440, 360])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(live_server: Any, page_for: Any, width: int):
    scene = build_scene()
    rows = mark_side(scene.own, "甲标志")
    found: list[str] = []
    pages: dict[str, Any] = {}
    for role, name, arguments in PAGES:
        page = pages.get(role) or pages.setdefault(role, page_for(scene.users[role], width=width))
        page.goto(live_server.url + reverse(name, args=arguments(rows)))
        results = Axe().run(page)
        found += [f"{name}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in results.response["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found.append(f"{name}: scrolls {wide} px sideways at {width}")
    assert found == []


@pytest.mark.parametrize("width", [360])
def test_the_sign_in_page_is_clean_too(live_server: Any, page_for: Any, width: int):
    page = page_for(None, width=width)
    page.goto(live_server.url + reverse("sign-in"))
    assert Axe().run(page).response["violations"] == []
