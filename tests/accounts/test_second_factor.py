"""The second factor: set up, asked for, recovered, switched off, forced for some roles (SECURITY 4)."""

import time

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from jinjiang_portal.accounts import workflow
from jinjiang_portal.accounts.models import Role, User
from jinjiang_portal.accounts.views.second_factor import SETUP_KEY
from tests.factories import PASSWORD, UserFactory

KEY = bytes(range(20))


def code_of(key: bytes, later: int = 0) -> str:
    totp = TOTP(key)
    totp.time = time.time() + later * 30
    return f"{totp.token():06d}"


def wrong_code(key: bytes) -> str:
    right = {code_of(key, step) for step in range(-2, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444") if code not in right)


@pytest.fixture
def user(db: None) -> User:
    return UserFactory(username="lin", password=PASSWORD, language="en")


@pytest.fixture
def codes(user: User) -> list[str]:
    """The user's recovery codes: the factor is on, its device used long ago."""
    return workflow.confirm_second_factor(user, KEY, 0)[1]


def sign_in(client: Client) -> None:
    client.post("/sign-in/", {"username": "lin", "password": PASSWORD})


def test_set_up_shows_a_drawing_and_a_key_and_asks_for_a_right_code(client: Client, user: User):
    client.force_login(user)
    html = client.get("/me/second-factor/").content.decode()
    assert "<svg" in html
    assert " style=" not in html
    key = bytes.fromhex(client.session[SETUP_KEY])
    refused = client.post("/me/second-factor/", {"code": wrong_code(key)})
    assert "This code is not right." in refused.content.decode()
    assert not TOTPDevice.objects.exists()
    before = client.session.session_key
    done = client.post("/me/second-factor/", {"code": code_of(key)})
    assert len(done.context["codes"]) == workflow.RECOVERY_CODES
    assert done.headers["Cache-Control"] == "no-store"
    assert client.session.session_key != before
    assert SETUP_KEY not in client.session
    assert client.get("/me/").status_code == 200


def test_other_sessions_end_when_the_factor_is_switched_on(client: Client, user: User):
    other = Client()
    other.force_login(user)
    client.force_login(user)
    client.get("/me/second-factor/")
    client.post("/me/second-factor/", {"code": code_of(bytes.fromhex(client.session[SETUP_KEY]))})
    assert other.get("/me/").status_code == 302


def test_the_code_is_asked_for_after_the_password_and_before_anything_else(client: Client, codes: list[str]):
    sign_in(client)
    assert client.get("/messages/").url == "/sign-in/code/?next=%2Fmessages%2F"
    assert client.get("/me/second-factor/").url.startswith("/sign-in/code/")
    assert client.get("/api/v1/logs/").status_code == 403
    before = client.session.session_key
    answer = client.post("/sign-in/code/", {"code": code_of(KEY), "next": "/messages/"})
    assert answer.url == "/messages/"
    assert client.session.session_key != before
    assert client.get("/messages/").status_code == 200


def test_a_wrong_code_is_refused_and_the_next_try_must_wait(client: Client, codes: list[str]):
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": wrong_code(KEY)}).status_code == 200
    answer = client.post("/sign-in/code/", {"code": code_of(KEY)})
    assert "each wrong code makes the wait longer" in answer.content.decode()
    assert client.get("/me/").status_code == 302


def test_a_code_works_only_once(client: Client, codes: list[str]):
    sign_in(client)
    code = code_of(KEY)
    assert client.post("/sign-in/code/", {"code": code}).status_code == 302
    again = Client()
    sign_in(again)
    assert again.post("/sign-in/code/", {"code": code}).status_code == 200


def test_a_recovery_code_opens_the_account_once(client: Client, codes: list[str]):
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": f" {codes[0].upper()} "}).url == "/"
    again = Client()
    sign_in(again)
    assert again.post("/sign-in/code/", {"code": codes[0]}).status_code == 200


def test_the_factor_is_switched_off_with_the_password(client: Client, user: User, codes: list[str]):
    sign_in(client)
    client.post("/sign-in/code/", {"code": code_of(KEY)})
    refused = client.post("/me/second-factor/off/", {"password": "not-it"})
    assert "This is not your present password." in refused.content.decode()
    assert client.post("/me/second-factor/off/", {"password": PASSWORD}).url == "/me/"
    assert not TOTPDevice.objects.exists()
    assert client.get("/me/").status_code == 200


def test_roles_that_need_it_set_it_up_first_and_cannot_switch_it_off(client: Client, user: User, settings):
    settings.TOTP_REQUIRED_ROLES = [Role.BUREAU_ADMIN.value]
    User.objects.filter(pk=user.pk).update(role=Role.BUREAU_ADMIN)
    sign_in(client)
    assert client.get("/messages/").url == "/me/second-factor/?next=%2Fmessages%2F"
    html = client.get("/me/second-factor/").content.decode()
    assert "Your role needs a second factor." in html
    client.post("/me/second-factor/", {"code": code_of(bytes.fromhex(client.session[SETUP_KEY]))})
    assert client.get("/messages/").status_code == 200
    assert client.post("/me/second-factor/off/", {"password": PASSWORD}).status_code == 403
    assert TOTPDevice.objects.exists()
