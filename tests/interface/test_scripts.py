"""What the scripts add to a page, driven in Chromium on pages made of the real components; no server is needed."""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from PIL import Image
from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser
HOST = "http://portal.test"
STATIC = Path(settings.BASE_DIR) / "static"
MINUTE = 60_000
PAGE = """<!doctype html><html lang="en"><head><title>Page</title>
<link rel="stylesheet" href="/static/css/components.css">{scripts}</head>
<body data-user="{user}" data-ping-url="/ping/" data-idle-minutes="30" data-sign-in-url="/sign-in/">
<form class="out" method="post" action="/sign-out/"><input type="hidden" name="csrfmiddlewaretoken" value="token-1">
<button>Sign out</button></form>{body}{dialogs}</body></html>"""


class Site:
    """A page of components at /, the static files, and whatever else a test answers; what was sent is kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.body = ""
        self.user = "7"
        self.sent: list[tuple[str, str, dict[str, list[str]], dict[str, str]]] = []
        self.answers: dict[str, Callable[[Route], None]] = {}
        page.route("**/*", self.answer)

    def answer(self, route: Route) -> None:
        path = re.sub(r"\?.*", "", route.request.url.removeprefix(HOST))
        if route.request.method == "POST":
            fields = parse_qs(route.request.post_data or "")
            self.sent.append((route.request.method, path, fields, route.request.headers))
        if path in self.answers:
            self.answers[path](route)
        elif path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        else:
            route.fulfill(content_type="text/html; charset=utf-8", body=self.html())

    def html(self) -> str:
        names = ["portal", "draft", "picker", "photos"]
        scripts = "".join(f'<script src="/static/js/{name}.js" defer></script>' for name in names)
        with translation.override("en"):
            dialogs = render_to_string("components/dialogs.html")
        return PAGE.format(scripts=scripts, user=self.user, body=self.body, dialogs=dialogs)

    def open(self, body: str) -> Page:
        self.body = body
        self.page.goto(HOST + "/")
        return self.page

    def posts(self, path: str) -> list[dict[str, list[str]]]:
        return [fields for _, where, fields, _ in self.sent if where == path]


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Site(page)
    context.close()
    assert errors == []


def as_json(body: Any, status: int = 200) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, content_type="application/json", body=json.dumps(body))


# Drafts -------------------------------------------------------------------------------------------------------------
LOG = """<form method="post" action="/save/" data-draft="log-1"><label>Text <textarea name="text"></textarea></label>
<label><input type="checkbox" name="kind" value="a">A</label>
<label><input type="checkbox" name="kind" value="b">B</label>
<input type="password" name="secret"><button>Save</button></form>"""


def typed_and_left(site: Site) -> Page:
    page = site.open(LOG)
    page.fill("textarea", "Visited at home.")
    page.check("[value=b]")
    page.fill("[name=secret]", "never kept")
    page.goto(HOST + "/")
    return page


def test_text_left_behind_is_offered_and_not_put_back_silently(site: Site) -> None:
    page = typed_and_left(site)
    assert page.input_value("textarea") == ""
    page.click("[data-draft-restore]")
    assert page.input_value("textarea") == "Visited at home."
    assert page.is_checked("[value=b]")
    assert not page.is_checked("[value=a]")
    assert page.input_value("[name=secret]") == ""
    assert page.locator("[data-draft-restore]").count() == 0


def test_a_discarded_draft_is_not_offered_again(site: Site) -> None:
    page = typed_and_left(site)
    page.click("[data-draft-drop]")
    page.goto(HOST + "/")
    assert page.locator("[data-draft-restore]").count() == 0


def test_a_saved_draft_is_dropped(site: Site) -> None:
    typed_and_left(site)
    site.open('<p data-draft-saved="log-1">Saved.</p>')
    assert site.open(LOG).locator("[data-draft-restore]").count() == 0


def test_the_next_user_of_the_computer_is_not_offered_the_draft(site: Site) -> None:
    typed_and_left(site)
    site.user = "8"
    assert site.open(LOG).locator("[data-draft-restore]").count() == 0


def test_signing_out_removes_the_drafts(site: Site) -> None:
    page = typed_and_left(site)
    page.click(".out button")
    page.wait_for_url("**/sign-out/")
    assert page.evaluate("Object.keys(localStorage).length") == 0


# Confirming and sending ---------------------------------------------------------------------------------------------
RETURN = """<form method="post" action="/act/"><input name="x" value="1">
<button name="act" value="return" data-confirm="Return the log?">Return</button></form>"""


def test_what_must_be_confirmed_is_not_sent_when_cancelled(site: Site) -> None:
    page = site.open(RETURN)
    page.click("[name=act]")
    assert page.inner_text("#confirm-text") == "Return the log?"
    page.keyboard.press("Escape")
    page.click("[name=act]")
    page.click("#confirm button[value=no]")
    assert site.posts("/act/") == []


def test_what_is_confirmed_is_sent_with_the_button_pressed(site: Site) -> None:
    page = site.open(RETURN)
    page.click("[name=act]")
    page.click("[data-confirm-yes]")
    page.wait_for_url("**/act/")
    assert site.posts("/act/") == [{"x": ["1"], "act": ["return"]}]


def test_a_double_press_sends_once(site: Site) -> None:
    site.answers["/slow/"] = lambda route: route.fulfill(status=204)
    page = site.open('<form method="post" action="/slow/"><input name="x" value="1"><button id="go">Go</button></form>')
    page.click("#go")
    page.click("#go")
    page.wait_for_timeout(200)
    assert len(site.posts("/slow/")) == 1


def test_one_box_ticks_the_whole_page(site: Site) -> None:
    rows = "".join(f'<tr><td><input type="checkbox" name="log" value="{number}"></td></tr>' for number in range(3))
    page = site.open(
        f'<form><table><thead><tr><th><input type="checkbox" data-all></th></tr></thead><tbody>{rows}</tbody></table>'
        '<div class="batch"><p data-picked data-say="Ticked: {n}"></p></div></form>'
    )
    page.check("[data-all]")
    assert page.locator("[name=log]:checked").count() == 3
    page.uncheck("[value='1']")
    assert page.inner_text("[data-picked]") == "Ticked: 2"
    assert page.evaluate("document.querySelector('[data-all]').indeterminate")


# Client picker ------------------------------------------------------------------------------------------------------
def picker(site: Site, **context: Any) -> Page:
    given = {"id": "who", "name": "client", "url": "/clients/find/", "label": "Clients"} | context
    with translation.override("en"):
        field = render_to_string("components/picker.html", given)
    found = [{"id": 4, "name": "王小英", "note": "4 Street"}, {"id": 5, "name": "王大英", "note": ""}]
    site.answers["/clients/find/"] = as_json({"results": found})
    return site.open(f'<form method="post" action="/act/">{field}<button id="send">Send</button></form>')


def test_a_client_is_found_and_chosen_with_keys_alone(site: Site) -> None:
    page = picker(site)
    page.focus("#who")
    page.keyboard.type("wang")
    page.wait_for_selector("[role=option]")
    assert page.get_attribute("#who", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.inner_text(".chip") == "王大英"
    assert page.input_value("#who") == ""
    assert site.posts("/act/") == []
    page.click("#send")
    page.wait_for_url("**/act/")
    assert site.posts("/act/") == [{"client": ["5"]}]


def test_a_client_is_chosen_once_and_can_be_taken_away(site: Site) -> None:
    page = picker(site, chosen=[{"id": 4, "name": "王小英"}])
    page.type("#who", "w")
    page.click("[role=option] >> nth=0")
    assert page.locator(".chip").count() == 1
    page.click("[aria-label='Remove 王小英']")
    assert page.locator(".chip").count() == 0


def test_a_single_picker_replaces_the_choice(site: Site) -> None:
    page = picker(site, chosen=[{"id": 4, "name": "王小英"}], single=True)
    page.type("#who", "w")
    page.click("[role=option] >> nth=1")
    assert page.locator(".chip").all_inner_texts() == ["王大英"]


def test_a_search_that_fails_says_so(site: Site) -> None:
    page = picker(site)
    site.answers["/clients/find/"] = as_json({}, status=500)
    page.type("#who", "w")
    page.wait_for_selector(".picker__list .none")
    assert "did not answer" in page.inner_text(".picker__list")
    page.keyboard.press("Escape")
    assert page.is_hidden(".picker__list")


# Jobs, idle sessions, photos ----------------------------------------------------------------------------------------
def test_a_job_moves_its_bar_and_the_page_comes_again_when_it_ends(site: Site) -> None:
    states = [
        {"state": "running", "done": 3, "total": 9, "message": "3 of 9"},
        {"state": "done", "done": 9, "total": 9},
    ]
    site.answers["/job/"] = lambda route: as_json(states.pop(0))(route)
    site.page.clock.install()
    page = site.open('<div data-job-url="/job/"><progress value="0" max="1"></progress><p data-job-say></p></div>')
    site.body = '<p id="fresh">Ready</p>'
    page.clock.run_for(2100)
    page.wait_for_function("document.querySelector('progress').value === 3")
    assert page.inner_text("[data-job-say]") == "3 of 9"
    page.clock.run_for(2100)
    page.wait_for_selector("#fresh")


def test_an_idle_user_is_warned_and_may_stay(site: Site) -> None:
    left = {"GET": 200, "POST": 1800}
    site.answers["/ping/"] = lambda route: as_json({"seconds_left": left[route.request.method]})(route)
    site.page.clock.install()
    page = site.open("")
    page.clock.fast_forward(20 * MINUTE)
    assert page.is_hidden("#idle")
    page.clock.fast_forward(6 * MINUTE)
    page.wait_for_selector("#idle[open]")
    assert re.search(r"3 min \d+ s left", page.inner_text("#idle"))
    page.click("[data-idle-stay]")
    page.wait_for_selector("#idle", state="hidden")
    assert site.sent[-1][1] == "/ping/"
    assert site.sent[-1][3]["x-csrftoken"] == "token-1"


def test_an_ended_session_leaves_the_page_and_what_is_typed(site: Site) -> None:
    site.answers["/ping/"] = as_json({"seconds_left": 0}, status=401)
    site.page.clock.install()
    page = site.open(LOG)
    page.fill("textarea", "Half a sentence")
    page.clock.fast_forward(26 * MINUTE)
    page.wait_for_selector("#idle-over[open]")
    page.click("[data-close]")
    assert page.input_value("textarea") == "Half a sentence"


def test_large_photos_are_made_smaller_before_they_are_sent(site: Site) -> None:
    page = site.open('<form method="post"><input type="file" name="photo" data-photos><button>Send</button></form>')
    buffer = io.BytesIO()
    Image.effect_noise((2400, 1200), 60).convert("RGB").save(buffer, "JPEG", quality=97)
    page.set_input_files("[name=photo]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()})
    page.wait_for_selector("text=/a.jpg: \\d+ KB/")
    width = page.evaluate("createImageBitmap(document.querySelector('[name=photo]').files[0]).then((b) => b.width)")
    assert width == 1600
    assert page.is_enabled("form >> text=Send")
