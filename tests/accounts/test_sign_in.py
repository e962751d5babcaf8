"""Signing in: the lock, the same answer for unknown names, session keys, forced steps, idle time (SECURITY 4 and 5)."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from jinjiang_portal.accounts import sessions
from jinjiang_portal.accounts.models import User, UserSession
from tests.factories import PASSWORD, UserFactory

WRONG = "not-the-password-at-all"


@pytest.fixture
def user(db: None) -> User:
    return UserFactory(username="lin.shi.42", password=PASSWORD, language="en")


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["portal_language"] = "en"
    return client


def sign_in(client: Client, username: str = "lin.shi.42", password: str = PASSWORD, **more):
    return client.post("/sign-in/", {"username": username, "password": password}, **more)


def grow_old(client: Client, seconds: int) -> None:
    session = client.session
    session[sessions.SEEN] -= seconds
    session.save()


def test_the_right_password_leads_home_or_where_one_was_going(client: Client, user: User):
    assert sign_in(client).url == "/"
    client.post("/sign-out/")
    answer = client.post("/sign-in/", {"username": "lin.shi.42", "password": PASSWORD, "next": "/me/"})
    assert answer.url == "/me/"


@pytest.mark.parametrize("trap", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/sign-out/"])
def test_sign_in_leads_nowhere_else(client: Client, user: User, trap: str):
    assert client.post("/sign-in/", {"username": "lin.shi.42", "password": PASSWORD, "next": trap}).url == "/"


def test_unknown_names_and_wrong_passwords_get_the_same_answer(english: Client, user: User):
    def seen(username: str) -> str:
        html = sign_in(english, username, WRONG).content.decode().replace(username, "NAME")
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)

    known, unknown = seen("lin.shi.42"), seen("nobody")
    assert known == unknown
    assert "The user name or the password is not right." in known
    assert WRONG not in known


@pytest.mark.parametrize("username", ["lin.shi.42", "nobody"])
def test_five_failures_lock_the_name_with_a_sentence(english: Client, user: User, username: str):
    answers = [sign_in(english, username, WRONG) for _attempt in range(10)]
    assert [answer.status_code for answer in answers[:4]] == [200] * 4
    assert {answer.status_code for answer in answers[4:]} == {429}
    html = answers[-1].content.decode()
    assert "is locked at this address after 5 failures" in html
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 15 * 60
    # The name typed is still there.
    assert f'value="{username}"' in html


def test_the_right_password_does_not_open_a_lock(english: Client, user: User):
    for _attempt in range(5):
        sign_in(english, password=WRONG)
    assert sign_in(english).status_code == 429


def test_another_address_is_not_locked(client: Client, user: User):
    for _attempt in range(6):
        sign_in(client, password=WRONG, REMOTE_ADDR="203.0.113.9")
    assert sign_in(client, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert sign_in(client, REMOTE_ADDR="203.0.113.10").status_code == 302


def test_the_session_gets_a_new_key_at_sign_in(client: Client, user: User):
    session = client.session
    session["before"] = "visitor"
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client)
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_an_account_that_has_run_out_cannot_sign_in_and_is_told_why(english: Client, user: User):
    User.objects.filter(pk=user.pk).update(expires_on=date(2024, 6, 1))
    assert "This account has run out." in sign_in(english).content.decode()


def test_an_account_that_runs_out_is_signed_out(client: Client, user: User):
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(expires_on=date(2024, 6, 1))
    assert "why=expired" in client.get("/me/").url


def test_a_deactivated_account_cannot_sign_in(english: Client, user: User):
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert "The user name or the password is not right." in sign_in(english).content.decode()


def test_the_first_password_must_be_changed_before_anything_else(client: Client, user: User):
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    sign_in(client)
    assert client.get("/messages/").url == "/me/password/?next=%2Fmessages%2F"
    assert client.get("/api/v1/logs/").status_code == 403
    new = "another-long-passphrase-77"
    answer = client.post(
        "/me/password/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new, "next": "/messages/"},
    )
    assert answer.url == "/messages/"
    assert client.get("/messages/").status_code == 200


@pytest.mark.parametrize("new", ["short-77", "qwertyuiop123", "password1234", "135792468013579", PASSWORD])
def test_weak_common_and_present_passwords_are_refused(client: Client, user: User, new: str):
    client.force_login(user)
    answer = client.post("/me/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client: Client, user: User):
    other = Client()
    other.force_login(user)
    client.force_login(user)
    before = client.session.session_key
    new = "another-long-passphrase-77"
    client.post("/me/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert client.session.session_key != before
    assert client.get("/me/").status_code == 200
    assert "/sign-in/" in other.get("/me/").url


def test_an_idle_session_ends_and_the_ping_page_asks_without_prolonging(client: Client, user: User):
    client.force_login(user)
    grow_old(client, 29 * 60)
    left = client.get("/ping/").json()["seconds_left"]
    assert 0 < left <= 60
    assert client.get("/ping/").json()["seconds_left"] <= left
    assert client.post("/ping/").json()["seconds_left"] > 29 * 60
    grow_old(client, 31 * 60)
    assert client.get("/ping/").status_code == 401


def test_an_idle_session_leads_back_to_the_page_after_sign_in(client: Client, user: User):
    client.force_login(user)
    grow_old(client, 31 * 60)
    answer = client.get("/messages/?show=unread")
    assert answer.url == "/sign-in/?next=%2Fmessages%2F%3Fshow%3Dunread&why=idle"
    assert client.get("/messages/").url.startswith("/sign-in/")
    api = Client()
    api.force_login(user)
    grow_old(api, 31 * 60)
    assert api.get("/api/v1/logs/").status_code == 401


def test_sessions_are_listed_and_ended_by_their_owner_only(client: Client, user: User):
    phone, stranger = Client(HTTP_USER_AGENT="Phone browser"), Client()
    sign_in(phone)
    stranger.force_login(UserFactory())
    client.force_login(user)
    assert "Phone browser" in client.get(reverse("me-sessions")).content.decode()
    foreign = UserSession.objects.exclude(user=user).get()
    client.post(reverse("me-sessions"), {"end": str(foreign.pk)})
    assert stranger.get("/me/").status_code == 200
    row = UserSession.objects.get(agent="Phone browser")
    client.post(reverse("me-sessions"), {"end": str(row.pk)})
    assert phone.get("/me/").status_code == 302
    assert client.get("/me/").status_code == 200


def test_all_other_sessions_end_at_once(client: Client, user: User):
    others = [Client(), Client()]
    for other in others:
        other.force_login(user)
    client.force_login(user)
    client.post(reverse("me-sessions"), {"end": "others"})
    assert [other.get("/me/").status_code for other in others] == [302, 302]
    assert client.get("/me/").status_code == 200


def test_signing_out_removes_the_session_and_is_no_error_twice(client: Client, user: User):
    sign_in(client)
    client.post("/sign-out/")
    assert UserSession.objects.count() == 0
    assert client.post("/sign-out/").status_code == 302


def test_forms_without_the_token_are_refused(user: User):
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403


def test_sessions_that_ran_out_long_ago_are_not_listed(client: Client, user: User):
    client.force_login(user)
    row = UserSession.objects.get()
    UserSession.objects.filter(pk=row.pk).update(seen_at=row.seen_at - timedelta(hours=2))
    assert sessions.alive(user).count() == 0
