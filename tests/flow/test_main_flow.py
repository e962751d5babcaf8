"""A day's log becomes a figure in a downloaded report: the whole way in a real browser with a real worker.

Runs on SQLite with the filesystem broker, and again on PostgreSQL with Redis (D2.2, D3.5, D4.1, T1.1, T1.4).
"""

import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from casework.models import ClientKey, ServiceRecord
from jinjiang_portal import names
from jinjiang_portal.accounts.models import User
from reports.workflow import open_reports
from staffing.models import WorkLog
from tests.celery_worker import celery_worker
from tests.factories import PASSWORD, ClientFactory
from tests.scenes import Scene, build_scene, make_log

pytestmark = [pytest.mark.browser, pytest.mark.jobs, pytest.mark.tier, pytest.mark.django_db(transaction=True)]

TODAY = date(2024, 6, 28)
PHONE = 360
BUILD_MS, STEP_MS = 120_000, 15_000


def sign_in(page: Any, base: str, user: User) -> None:
    """Through the form, as people do."""
    user.set_password(PASSWORD)
    user.save()
    page.goto(f"{base}/sign-in/")
    form = page.locator("form:has(input[name=password]:visible)")
    form.locator("input[name=username]").fill(user.username)
    form.locator("input[name=password]").fill(PASSWORD)
    form.locator("button[type=submit]").click()
    expect(page.locator("main h1")).to_be_visible()
    assert page.url.rstrip("/") == base


def record_service(page: Any, code: str, typed: str, text: str) -> None:
    """From the day page: choose the item, find the client as one types, say what was done, save."""
    page.locator("a[href^='/records/new/']").first.click()
    page.locator("ul.choices a", has_text=f"{code} ").first.click()
    page.locator("#id_clients").press_sequentially(typed)
    page.locator(".picker__list [role=option]", has_text="王小英").first.click()
    page.locator("#id_process").fill(text)
    page.locator(".acts--sticky .btn--pri").click()
    expect(page.locator(".rec", has_text=code)).to_be_visible()


def worker_writes_the_day(page: Any, base: str) -> None:
    page.goto(base)
    page.locator("nav.tabbar a[href='/logs/today/']").click()
    record_service(page, "T1.4", "wxy", "入户查看居住和用电情况，了解近期就医变化，提醒防暑。")
    record_service(
        page, "T1.1", "王小", "来站咨询低保边缘家庭认定条件，讲解收入核算口径和所需材料。",
    )  # fmt: skip
    page.locator("details:has(#id_kind) > summary").click()
    page.locator("#id_kind").select_option("meeting")
    page.locator("form[action*='/lines/'] [name=minutes]").fill("1:00")
    page.locator("form[action*='/lines/'] [name=text]").fill("参加镇社会事务办周例会")
    page.locator("form[action*='/lines/'] button[type=submit]").click()
    expect(page.get_by_text("参加镇社会事务办周例会")).to_be_visible()
    page.locator("button[name=act][value=submit]").click()
    expect(page.locator("form[action$='/withdraw/']")).to_be_visible()


def township_returns_it(page: Any, base: str) -> None:
    newest = WorkLog.objects.get(day=TODAY)
    page.goto(f"{base}/review/logs/")
    page.locator(f"tr.log a[href*='{newest.pk}']").click()
    expect(page.locator("#detail h2")).to_contain_text("2024-06-28")
    page.locator("#detail details.return summary").click()
    page.locator("#detail input[name=reason][value=brief]").check()
    page.locator("#detail textarea[name=text]").fill("请补充后续安排。")
    page.locator("#detail button[value=return]").click()
    expect(page.locator("[data-undo]")).to_be_visible()


def worker_corrects_it(page: Any, base: str) -> None:
    page.goto(f"{base}/messages/")
    page.locator("main td a[href^='/messages/']").first.click()
    expect(page.get_by_text("请补充后续安排。").first).to_be_visible()
    page.locator(".rec", has_text="T1.4").locator("a.btn[href$='/edit/']").click()
    page.locator("#id_result").fill("约定七日后电话回访，已告知村民政协理员。")
    page.locator(".acts--sticky .btn--pri").click()
    page.locator("button[name=act][value=submit]").click()
    expect(page.locator("form[action$='/withdraw/']")).to_be_visible()


def township_approves(page: Any, base: str) -> None:
    """The corrected log by key, then all that wait in one batch."""
    newest = WorkLog.objects.get(day=TODAY)
    page.goto(f"{base}/review/logs/?log={newest.pk}")
    expect(page.locator("#detail h2")).to_contain_text("2024-06-28")
    page.keyboard.press("a")
    expect(page.locator("[data-undo]")).to_be_visible()
    page.locator("[data-all]").check()
    page.locator("[data-approve-ticked]").click()
    expect(page.locator("tr.log")).to_have_count(0)


def manager_builds(page: Any, base: str, report: Any) -> None:
    page.goto(f"{base}/reports/")
    page.locator(f"a[href='/reports/{report.pk}/']").first.click()
    addresses = page.locator("#sections a[href*='/sections/']").evaluate_all("rows => rows.map(row => row.href)")
    for number, address in enumerate(addresses[:2]):
        page.goto(address)
        page.locator("#id_text").fill(f"第{number + 1}段文字：上半年各项服务有序开展。")
        page.locator("form[data-draft] .btn--pri").click()
    page.goto(f"{base}/reports/{report.pk}/")
    page.locator("#build form button").click()
    expect(page.locator("#build progress, #build a[href^='/files/']").first).to_be_visible()
    page.goto(base)  # leaves, and comes back
    page.goto(f"{base}/reports/{report.pk}/")
    expect(page.locator("#build .acts a[href^='/files/']")).to_have_count(2, timeout=BUILD_MS)


def downloaded(page: Any, link: Any, folder: Path) -> Path:
    with page.expect_download() as waiting:
        link.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def prepare() -> tuple[Scene, Any, int]:
    """The city with a client to find, earlier logs of every state, and what the report must count."""
    scene = build_scene()
    client = ClientFactory(station=scene.own.station, name="王小英", pinyin=names.pinyin("王小英"))
    ClientKey.objects.bulk_create(ClientKey(client=client, key=key) for key in names.search_keys("王小英"))
    for number in range(3):
        make_log(scene.own, date(2024, 6, 24 + number), records=2, state="submitted")
    make_log(scene.own, date(2024, 5, 20), records=3, state="approved")
    make_log(scene.foreign, date(2024, 5, 20), records=5, state="approved")
    report = open_reports(scene.own.contract)[0]
    return scene, report, 3 + 3 * 2 + 1


def test_a_days_log_becomes_a_figure_in_a_downloaded_report(live_server: Any, page_for: Any, tmp_path: Path):
    scene, report, visits = prepare()
    base = live_server.url
    phone, desk = page_for(None, width=PHONE, height=780), page_for(None)
    manager, bureau, stranger = page_for(None), page_for(None, accept_downloads=True), page_for(scene.foreign.manager)
    for page, user in ((phone, scene.own.worker), (desk, scene.own.township), (manager, scene.own.manager)):
        sign_in(page, base, user)
    sign_in(bureau, base, scene.bureau)
    for page in (phone, desk, manager, bureau):
        page.set_default_timeout(STEP_MS)

    worker_writes_the_day(phone, base)
    township_returns_it(desk, base)
    worker_corrects_it(phone, base)
    township_approves(desk, base)
    make_log(scene.own, date(2024, 6, 21), records=4, state="submitted")  # waits, and must not count
    with celery_worker():
        manager_builds(manager, base, report)

    bureau.goto(f"{base}/reports/{report.pk}/")
    links = bureau.locator("#build .acts a[href^='/files/']")
    paper, book = (downloaded(bureau, links.nth(number), tmp_path) for number in range(2))
    approved = ServiceRecord.objects.filter(
        log__state="approved", log__contract=report.contract, item__counts_as_visit=True
    )
    assert approved.count() == visits
    text = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, check=True).stdout.decode()
    assert re.search(rf"走访\s*{visits}\s*次", text)
    assert "第1段文字" in text.replace(" ", "")
    sheets = load_workbook(book)
    figures = {row[0]: row[1] for row in sheets["汇总"].iter_rows(values_only=True)}
    assert figures["走访次数"] == visits
    heads, *rows = [
        row for row in sheets["记录明细"].iter_rows(min_row=2, values_only=True) if isinstance(row[-1], int | str)
    ]
    counted = [row for row in rows if row[heads.index("服务站")]]
    assert sum(row[heads.index("计走访次数")] for row in counted) == visits

    for address in [f"/reports/{report.pk}/", *[link.get_attribute("href") for link in links.all()]]:
        assert stranger.request.get(base + address).status == 404
