"""The frame around every page: menu, search, language, session, banner; and the pages of the frame itself."""

import re
from datetime import date

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from jinjiang_portal import registry
from jinjiang_portal.accounts.models import Density, Role, User
from jinjiang_portal.accounts.workflow import notify
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory(role=Role.BUREAU_ADMIN, language="en", full_name="黄丽华", organisation="市民政局")


@pytest.fixture
def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def page(client: Client, name: str, query: str = "") -> str:
    response = client.get(reverse(name) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_every_page_of_the_frame_has_the_same_landmarks(signed_in: Client) -> None:
    for name in ["home", "more", "search"]:
        html = page(signed_in, name)
        assert '<html lang="en" data-density="default">' in html
        assert '<a class="skip" href="#main">' in html
        assert '<main class="main" id="main"' in html
        assert html.count("<h1>") == 1
        assert html.count('role="search"') >= 1
        assert 'aria-label="Main menu"' in html
        assert f'data-ping-url="{reverse("ping")}"' in html


def test_the_frame_names_the_user_and_the_way_out(signed_in: Client) -> None:
    html = page(signed_in, "home")
    assert "<b>黄丽华</b>" in html
    assert re.search(rf'<form class="out" method="post" action="{reverse("sign-out")}">', html)
    assert re.search(rf'method="post" action="{reverse("set-language")}"', html)
    assert '<input type="hidden" name="next" value="/">' in html


def test_the_menu_marks_one_page_as_current(signed_in: Client) -> None:
    html = page(signed_in, "home")
    side = html[html.index('<nav class="side"') : html.index("</nav>", html.index('<nav class="side"'))]
    assert side.count('aria-current="page"') == 1


def test_the_bottom_bar_has_room_for_a_thumb(signed_in: Client) -> None:
    html = page(signed_in, "more")
    bar = html[html.index('<nav class="tabbar"') :]
    bar = bar[: bar.index("</nav>")]
    assert 2 <= bar.count("<a ") <= 5
    assert re.search(rf'href="{reverse("more")}" aria-current="page"', bar)


def test_the_type_size_of_the_account_is_on_every_page(signed_in: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(density=Density.LARGE)
    assert 'data-density="large"' in page(signed_in, "search")


def test_unread_messages_are_counted_and_listed(signed_in: Client, user: User) -> None:
    notify([user], "The report %(name)s was accepted.", {"name": "2024-01"}, url="/", key="one")
    html = page(signed_in, "home")
    assert "The report 2024-01 was accepted." in html
    assert re.search(r'<span class="badge">1<span class="vh"> unread</span></span>', html)


def test_to_dos_stand_in_the_order_of_their_deadlines(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        registry.Todo(3, "No deadline", "", "/a/"),
        registry.Todo(2, "Next week", "", "/b/", due=date(2024, 7, 5)),
        registry.Todo(1, "Late", "", "/c/", due=date(2024, 6, 1), late=True),
        registry.Todo(0, "Nothing left", "", "/d/"),
    ]
    monkeypatch.setattr(registry, "TODOS", [lambda user, today: lines])
    html = page(signed_in, "home")
    assert html.index(">Late<") < html.index(">Next week<") < html.index(">No deadline<")
    assert "overdue since 2024-06-01 Sat" in html
    assert "by 2024-07-05 Fri" in html
    assert "Nothing left" not in html


def test_nothing_to_do_is_said(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "TODOS", [])
    assert "Nothing waits for you." in page(signed_in, "home")


def test_the_demo_banner_is_shown_only_in_demo_mode(signed_in: Client) -> None:
    with override_settings(DEMO_MODE=True):
        assert '<aside class="demo"' in page(signed_in, "home")
    with override_settings(DEMO_MODE=False):
        assert '<aside class="demo"' not in page(signed_in, "home")


def test_the_phone_menu_holds_what_the_side_menu_holds(signed_in: Client) -> None:
    html = page(signed_in, "more")
    side = html[html.index('<nav class="side"') : html.index('<main class="main"')]
    main = html[html.index('<main class="main"') : html.index("</main>")]
    for url in re.findall(r'href="([^"]+)"', side):
        assert f'href="{url}"' in main
    assert "Sign out" in main


def test_search_says_when_nothing_matches_and_keeps_what_was_typed(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "SEARCHES", [])
    html = page(signed_in, "search", "?q=%3Cb%3E")
    assert "Nothing you may see matches “&lt;b&gt;”" in html
    assert 'value="&lt;b&gt;"' in html


def test_search_shows_hits_by_kind(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        registry, "SEARCHES", [lambda user, query: [registry.Hit("Stations", "安海站", "安海镇", "/s/1/")]]
    )
    html = page(signed_in, "search", "?q=anhai")
    assert '<a href="/s/1/">安海站</a>' in html
    assert "<h2>Stations</h2>" in html


def test_the_style_guide_is_for_the_system_administrator(signed_in: Client) -> None:
    assert signed_in.get(reverse("styleguide")).status_code == 403
    signed_in.force_login(UserFactory(role=Role.SYSTEM_ADMIN, language="en"))
    html = page(signed_in, "styleguide")
    assert "To correct before saving" in html
    assert "data-picker-url" in html


def test_a_page_is_chinese_for_a_chinese_account(signed_in: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(language="zh-hans")
    assert '<html lang="zh-hans"' in page(signed_in, "home")
