"""Every page of accounts comes, says what it is about, and carries the headers of SECURITY 12."""

import pytest
from django.test import Client
from django.urls import reverse

from jinjiang_portal.accounts.models import Notice, Role, User
from jinjiang_portal.accounts.workflow import notify
from tests.factories import PASSWORD, UserFactory

PAGES = [
    "me", "password-change", "me-sessions", "totp-setup", "totp-disable", "messages", "account-list", "account-create",
]  # fmt: skip


@pytest.fixture
def sysadmin(db: None) -> User:
    return UserFactory(role=Role.SYSTEM_ADMIN, password=PASSWORD)


def assert_guarded(answer) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def assert_no_inline(html: str) -> None:
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    assert "<script>" not in html


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_page_comes_with_strict_headers_and_nothing_inline(
    client: Client, sysadmin: User, name: str, language: str
):
    User.objects.filter(pk=sysadmin.pk).update(language=language)
    client.force_login(sysadmin)
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert_guarded(answer)
    assert_no_inline(answer.content.decode())


@pytest.mark.parametrize("name", ["account-detail", "account-reset", "account-deactivate"])
def test_each_page_of_one_account_comes(client: Client, sysadmin: User, name: str):
    client.force_login(sysadmin)
    for account in (sysadmin, UserFactory(is_active=False)):
        answer = client.get(reverse(name, args=[account.pk]))
        assert answer.status_code == 200
        assert account.full_name in answer.content.decode()
        assert_guarded(answer)
        assert_no_inline(answer.content.decode())


@pytest.mark.parametrize("address", ["/sign-in/", "/nothing-here/", "/sign-in/code/", "/health/live/", "/api/v1/logs/"])
def test_pages_for_nobody_carry_the_headers_too(client: Client, db: None, address: str):
    assert_guarded(client.get(address))


def test_the_sign_in_page_says_who_the_demo_accounts_are(client: Client, db: None, settings):
    UserFactory(username="worker", full_name="林试英", organisation="测试社工中心")
    settings.DEMO_MODE = True
    html = client.get("/sign-in/").content.decode()
    assert "林试英" in html
    assert "测试社工中心" in html
    assert "jinjiang-demo-2024" in html
    assert_no_inline(html)
    settings.DEMO_MODE = False
    html = client.get("/sign-in/").content.decode()
    assert "林试英" not in html
    assert "jinjiang-demo-2024" not in html


def test_the_list_is_narrowed_by_words_role_and_state(client: Client, sysadmin: User):
    UserFactory(username="anna", role=Role.INSPECTOR)
    UserFactory(username="bert", role=Role.STATION_WORKER, is_active=False)
    client.force_login(sysadmin)

    def names(query: str) -> set[str]:
        return {account.username for account in client.get(f"/settings/accounts/?{query}").context["accounts"]}

    assert names("q=ann") == {"anna"}
    assert names("role=inspector") == {"anna"}
    assert names("state=off") == {"bert"}
    assert names("q=nobody") == set()
    assert names("role=unknown") == {"anna", "bert", sysadmin.username}


def test_the_list_is_paged_and_keeps_its_conditions(client: Client, sysadmin: User):
    UserFactory.create_batch(25, role=Role.INSPECTOR)
    client.force_login(sysadmin)
    answer = client.get("/settings/accounts/?role=inspector")
    assert len(answer.context["accounts"]) == 20
    assert "role=inspector&amp;page=2" in answer.content.decode()


def test_a_bureau_administrator_looks_and_cannot_change(client: Client, sysadmin: User):
    client.force_login(UserFactory(role=Role.BUREAU_ADMIN))
    address = reverse("account-detail", args=[sysadmin.pk])
    html = client.get(address).content.decode()
    assert reverse("account-reset", args=[sysadmin.pk]) not in html
    assert client.post(address, {"full_name": "x"}).status_code == 403


def test_settings_of_ones_own_are_kept(client: Client, sysadmin: User):
    client.force_login(sysadmin)
    answer = client.post(reverse("me"), {"language": "en", "density": "large"}, follow=True)
    sysadmin.refresh_from_db()
    assert (sysadmin.language, sysadmin.density, sysadmin.shortcut_keys) == ("en", "large", False)
    assert 'data-density="large"' in answer.content.decode()
    assert "Your settings are saved." in answer.content.decode()


def test_ones_own_role_is_no_setting(client: Client, db: None):
    user = UserFactory(role=Role.STATION_WORKER)
    client.force_login(user)
    client.post(reverse("me"), {"language": "en", "density": "default", "role": "system_admin", "is_superuser": "on"})
    user.refresh_from_db()
    assert (user.role, user.is_superuser) == (Role.STATION_WORKER, False)


def test_notices_show_only_to_their_recipient_and_open_inside_the_portal(client: Client, db: None):
    reader, other = UserFactory(), UserFactory()
    notify([reader], "The log of %(day)s was returned.", {"day": "2024-06-03"}, url="/me/", key="a")
    notify([other], "Something else happened.", url="/me/", key="b")
    notify([reader], "A trap.", url="https://evil.example/", key="c")
    client.force_login(reader)
    html = client.get(reverse("messages")).content.decode()
    assert "2024-06-03" in html
    assert "Something else happened." not in html
    own, trap = (Notice.objects.get(key=f"{key}:{reader.pk}") for key in "ac")
    assert client.get(reverse("message-open", args=[own.pk])).url == "/me/"
    assert client.get(reverse("message-open", args=[trap.pk])).url == reverse("messages")
    own.refresh_from_db()
    assert own.read_at
    foreign = Notice.objects.get(recipient=other)
    assert client.get(reverse("message-open", args=[foreign.pk])).status_code == 404
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_all_notices_are_read_at_once_and_only_ones_own(client: Client, db: None):
    reader, other = UserFactory(), UserFactory()
    notify([reader, other], "It is done.", key="d")
    client.force_login(reader)
    client.post(reverse("message-read-all"))
    assert Notice.objects.get(recipient=reader).read_at
    assert Notice.objects.get(recipient=other).read_at is None
    assert client.get(f"{reverse('messages')}?show=unread").context["notices"].count() == 0


def test_the_same_event_tells_nobody_twice(db: None):
    reader = UserFactory()
    notify([reader, reader], "It is done.", key="e")
    notify([reader], "It is done.", key="e")
    assert Notice.objects.count() == 1


def test_the_language_switch_serves_visitors_and_accounts(client: Client, sysadmin: User):
    assert 'lang="zh-hans"' in client.get("/sign-in/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    answer = client.post(reverse("set-language"), {"language": "en", "next": "/sign-in/"})
    assert answer.url == "/sign-in/"
    assert 'lang="en"' in client.get("/sign-in/").content.decode()
    client.force_login(sysadmin)
    client.post(reverse("set-language"), {"language": "en", "next": "https://evil.example/"})
    sysadmin.refresh_from_db()
    assert sysadmin.language == "en"
    assert client.post(reverse("set-language"), {"language": "xx", "next": "//evil.example/"}).url == "/"
