"""The whole URL table × every role × own and foreign rows: nothing leaks, nothing changes (SECURITY 1, 2, 6, 12).

A route that declares no rule, or whose objects this crawler does not know, fails it: add its key to `KEYS`.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from jinjiang_portal import access
from jinjiang_portal.accounts.roles import Role
from tests.marked import Marked, mark_side
from tests.scenes import Scene

pytestmark = pytest.mark.tier

OWN, FOREIGN, NOBODY = "甲标志", "乙记号", "丙无人"
UNSAFE = ("post", "put", "patch", "delete")
# Composed by packages, tested on their own: the administration pages, the schema and its documentation.
FRAMED = ("admin:", "schema", "docs", "api-root")


@dataclass(frozen=True)
class Route:
    name: str
    view: Any
    needs: tuple[str, ...]


def walk(patterns: list[Any], spaces: tuple[str, ...] = (), needs: tuple[str, ...] = ()) -> Iterator[Route]:
    for entry in patterns:
        here = needs + tuple(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from walk(entry.url_patterns, inner, here)
        elif isinstance(entry, URLPattern):
            callback = entry.callback
            view = getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback
            yield Route(":".join((*spaces, entry.name or str(entry.pattern))), view, here)


def routes() -> list[Route]:
    found = {}
    for route in walk(get_resolver().url_patterns):
        if "format" not in route.needs and not any(frame in route.name for frame in FRAMED):
            found.setdefault(route.name, route)
    return list(found.values())


ROUTES = routes()

# The object of each route with a key in its address, given one side's rows.
KEYS: dict[str, Any] = {
    "message-open": lambda m: m.notice.pk,
    "account-detail": lambda m: m.side.worker.pk,
    "account-reset": lambda m: m.side.worker.pk,
    "account-deactivate": lambda m: m.side.worker.pk,
    "jobs": lambda m: m.job.pk,
    "files": lambda m: m.files[0].pk,
    "stations:station": lambda m: m.side.station.pk,
    "stations:contract": lambda m: m.side.contract.pk,
    "staffing:log-day": lambda m: m.draft.day.isoformat(),
    "staffing:line-add": lambda m: m.draft.day.isoformat(),
    "staffing:log-submit": lambda m: m.draft.day.isoformat(),
    "staffing:log-withdraw": lambda m: m.waiting.day.isoformat(),
    "staffing:line-remove": lambda m: m.line.pk,
    "staffing:log": lambda m: m.waiting.pk,
    "staffing:staff": lambda m: m.side.staff.pk,
    "casework:client": lambda m: m.client.pk,
    "casework:record": lambda m: m.record.pk,
    "budget:voucher": lambda m: m.voucher.pk,
    "reports": lambda m: m.report.pk,
    "api:client": lambda m: m.client.pk,
    "api:record": lambda m: m.record.pk,
    "api:log": lambda m: m.waiting.pk,
    "api:staff": lambda m: m.side.staff.pk,
    "api:vacancy": lambda m: m.vacancy.pk,
    "api:voucher": lambda m: m.voucher.pk,
    "api:report": lambda m: m.report.pk,
    "api:station": lambda m: m.side.station.pk,
    "api:contract": lambda m: m.side.contract.pk,
}
# Addresses that name a day or a section, not somebody's row: everybody has their own.
PERSONAL = {"staffing:log-day", "staffing:line-add", "staffing:log-submit", "staffing:log-withdraw"}


def key_of(name: str) -> Any:
    """The most specific entry of KEYS that the route's name begins with."""
    fitting = [known for known in KEYS if name == known or name.startswith((f"{known}-", f"{known}:"))]
    if not fitting:
        pytest.fail(f"{name} has a key in its address and no entry in KEYS: add one.")
    return KEYS[max(fitting, key=len)]


def address(route: Route, rows: Marked) -> str:
    if not route.needs:
        return reverse(route.name)
    values = {}
    for need in route.needs:
        if need in ("key", "section"):
            values[need] = rows.report.sections.first().key
        else:
            values[need] = key_of(route.name)(rows)
    return reverse(route.name, kwargs=values)


def rule_of(view: Any) -> str | None:
    """How a view declares who may open it: public, signed-in, an action; None when it declares nothing."""
    bases = getattr(view, "__mro__", ())
    if access.Guarded in bases:
        return view.action
    if access.SignedIn in bases:
        return "signed-in"
    if access.Public in bases:
        return "public"
    return getattr(view, "action_name", None)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_route_declares_exactly_one_rule(route: Route):
    rule = rule_of(route.view)
    assert rule, f"{route.name} declares no rule"
    assert rule in ("public", "signed-in") or rule in access.ACTIONS, f"{route.name}: unknown action {rule}"
    write = getattr(route.view, "write_action", None) or getattr(route.view, "write_action_name", None)
    assert write is None or write in access.ACTIONS


@dataclass
class City:
    scene: Scene
    own: Marked
    foreign: Marked


@pytest.fixture
def city(scene: Scene) -> City:
    return City(scene, mark_side(scene.own, OWN), mark_side(scene.foreign, FOREIGN))


def text_of(answer: Any) -> str:
    """What the answer says, workbooks unpacked, so that a mark cannot hide in compressed bytes."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return content.decode("utf-8", "replace")


QUERIES = ["", f"?q={FOREIGN}", "?q=yjh", "?q=" + "%E4%B9%99", "?export=xlsx", f"?q={FOREIGN}&export=xlsx&purpose=x"]
NARROW = [role for role in Role if access.REACH[role] in (access.STATION, access.CONTRACT)]


@pytest.mark.parametrize("role", NARROW)
def test_lists_searches_and_exports_hold_nothing_of_the_other_side(city: City, role: Role):
    """Every address without a key, as it is, searched and exported: the other side's mark is nowhere."""
    user = city.scene.users[role]
    client = Client()
    client.force_login(user)
    seen, leaks = 0, []
    for route in ROUTES:
        if route.needs or "sign-out" in route.name:
            continue
        for query in QUERIES:
            answer = client.get(reverse(route.name) + query)
            assert answer.status_code < 500, f"{route.name}{query}: {answer.status_code}"
            text = text_of(answer) if answer.status_code == 200 else ""
            seen += answer.status_code == 200
            # A page that repeats what was looked for leaks nothing: as often as a name nobody has.
            echo = text_of(client.get(reverse(route.name) + query.replace(FOREIGN, NOBODY))).count(NOBODY)
            if text.count(FOREIGN) > echo or any(number in text for number in city.foreign.numbers):
                leaks.append(route.name + query)
    assert leaks == []
    assert seen > 10


@pytest.mark.parametrize("role", NARROW)
def test_a_foreign_row_answers_404_and_changes_nothing(city: City, role: Role):
    client = Client(raise_request_exception=False)
    client.force_login(city.scene.users[role])
    before = fingerprint()
    leaks, wrong = [], []
    for route in ROUTES:
        if not route.needs or route.name in PERSONAL:
            continue
        url = address(route, city.foreign)
        for method in ("get", *UNSAFE):
            answer = getattr(client, method)(url)
            if answer.status_code not in (403, 404, 405):
                wrong.append((route.name, method, answer.status_code))
            if FOREIGN in text_of(answer):
                leaks.append((route.name, method))
    assert leaks == []
    assert wrong == []
    assert fingerprint() == before


@pytest.mark.parametrize("role", list(Role))
def test_what_the_role_may_not_do_is_refused_and_changes_nothing(city: City, role: Role):
    """Own rows, actions outside the role: 403 by every method, and no row of the database differs afterwards."""
    user = city.scene.users[role]
    client = Client(raise_request_exception=False)
    client.force_login(user)
    before = fingerprint()
    wrong = []
    for route in ROUTES:
        rule = rule_of(route.view)
        if rule in ("public", "signed-in", None):
            continue
        write = getattr(route.view, "write_action", None) or getattr(route.view, "write_action_name", None) or rule
        url = address(route, city.own)
        if not access.may(user, rule):
            wrong += [(route.name, "get", client.get(url).status_code)] if client.get(url).status_code != 403 else []
        if not access.may(user, write):
            for method in UNSAFE:
                answer = getattr(client, method)(url)
                if answer.status_code not in (403, 405):
                    wrong.append((route.name, method, answer.status_code))
    assert wrong == []
    assert fingerprint() == before


@pytest.mark.parametrize("role", list(Role))
def test_every_page_a_role_may_open_opens_with_strict_headers(city: City, role: Role):
    client = Client(raise_request_exception=False)
    client.force_login(city.scene.users[role])
    wrong = []
    for route in ROUTES:
        if "sign-out" in route.name:
            continue
        answer = client.get(address(route, city.own))
        text_of(answer)  # a file is closed by being read to its end
        if answer.status_code >= 500:
            wrong.append((route.name, answer.status_code))
        policy = answer.headers.get("Content-Security-Policy", "")
        if "unsafe-inline" in policy or "unsafe-eval" in policy or not policy:
            wrong.append((route.name, f"policy {policy!r}"))
        if answer.headers.get("X-Content-Type-Options") != "nosniff":
            wrong.append((route.name, "nosniff"))
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_no_page_shows_a_full_number(city: City, role: Role):
    """ID numbers and phones of clients and staff are masked on every page, export and API answer (SECURITY 6)."""
    client = Client(raise_request_exception=False)
    client.force_login(city.scene.users[role])
    numbers = city.own.numbers + city.foreign.numbers
    shown = []
    for route in ROUTES:
        if "sign-out" in route.name:
            continue
        for query in ("", "?export=xlsx"):
            answer = client.get(address(route, city.own) + query)
            text = text_of(answer)
            shown += [(route.name, query, number) for number in numbers if number in text]
    assert shown == []


def test_signed_out_nothing_but_the_public_pages_opens(city: City):
    client = Client(raise_request_exception=False)
    opened = []
    for route in ROUTES:
        answer = client.get(address(route, city.own))
        if rule_of(route.view) != "public" and answer.status_code not in (302, 401, 403):
            opened.append((route.name, answer.status_code))
        if FOREIGN in text_of(answer) or OWN in text_of(answer):
            opened.append((route.name, "mark"))
    assert opened == []


SKIPPED_TABLES = {"sessions", "axes", "auditlog", "admin", "contenttypes", "audit", "otp_totp", "otp_static"}


def fingerprint() -> dict[str, str]:
    """A hash of every table's rows, sessions and the audit trail aside."""
    prints = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in SKIPPED_TABLES or model.__name__ == "UserSession":
            continue
        names = [field.attname for field in model._meta.concrete_fields if field.attname != "last_login"]
        rows = model._base_manager.order_by("pk").values_list(*names)
        prints[model._meta.label] = hashlib.sha256(repr(list(rows)).encode()).hexdigest()
    return prints
