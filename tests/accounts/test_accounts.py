"""Keeping accounts: who may, what ends sessions, what is refused (SECURITY 4, 5)."""

import logging
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from jinjiang_portal import logs
from jinjiang_portal.accounts import workflow
from jinjiang_portal.accounts.models import Role, User
from jinjiang_portal.identity import make_id_number
from tests.factories import PASSWORD, UserFactory

NEW = {"username": "chen.new", "full_name": "陈试新", "role": Role.INSPECTOR.value, "organisation": "晋江市财政局"}


@pytest.fixture
def sysadmin(db: None) -> User:
    return UserFactory(role=Role.SYSTEM_ADMIN, language="en")


@pytest.fixture
def keeper(client: Client, sysadmin: User) -> Client:
    client.force_login(sysadmin)
    return client


def change(client: Client, account: User, **values):
    address = reverse("account-detail", args=[account.pk])
    form = client.get(address).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields}
    return client.post(address, fields | values)


def test_a_new_account_gets_a_password_shown_once_and_changed_first(keeper: Client):
    answer = keeper.post(reverse("account-create"), NEW)
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    made = User.objects.get(username="chen.new")
    assert made.check_password(password)
    assert made.must_change_password
    assert not made.is_superuser
    assert password not in keeper.get(reverse("account-detail", args=[made.pk])).content.decode()
    fresh = Client()
    fresh.post("/sign-in/", {"username": "chen.new", "password": password})
    assert fresh.get("/").url.startswith("/me/password/")


@pytest.mark.parametrize(
    ("field", "value"), [("username", ""), ("role", "king"), ("expires_on", "2020-01-01"), ("username", "two words")]
)
def test_a_wrong_new_account_keeps_what_was_typed(keeper: Client, field: str, value: str):
    answer = keeper.post(reverse("account-create"), NEW | {field: value})
    assert field in answer.context["form"].errors
    assert "陈试新" in answer.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_nobody_but_the_system_administrator_keeps_accounts(client: Client, sysadmin: User, role: Role):
    client.force_login(UserFactory(role=role))
    before = User.objects.get(pk=sysadmin.pk).password
    assert client.post(reverse("account-create"), NEW).status_code == 403
    for name in ("account-reset", "account-deactivate", "account-detail"):
        assert client.post(reverse(name, args=[sysadmin.pk]), {"active": "no"}).status_code == 403
    sysadmin.refresh_from_db()
    assert (sysadmin.is_active, sysadmin.password) == (True, before)
    assert not User.objects.filter(username="chen.new").exists()


def test_a_reset_ends_the_sessions_and_the_old_password(keeper: Client):
    account = UserFactory(password=PASSWORD)
    theirs = Client()
    theirs.force_login(account)
    workflow.confirm_second_factor(account, bytes(20), 0)
    answer = keeper.post(reverse("account-reset", args=[account.pk]), {"remove_second_factor": "on"})
    account.refresh_from_db()
    assert account.check_password(answer.context["password"])
    assert not account.check_password(PASSWORD)
    assert account.must_change_password
    assert not account.totpdevice_set.exists()
    assert theirs.get("/me/").status_code == 302


def test_deactivation_ends_the_sessions_and_can_be_taken_back(keeper: Client):
    account = UserFactory()
    theirs = Client()
    theirs.force_login(account)
    address = reverse("account-deactivate", args=[account.pk])
    keeper.post(address, {"active": "no"})
    keeper.post(address, {"active": "no"})
    account.refresh_from_db()
    assert not account.is_active
    assert theirs.get("/me/").status_code == 302
    keeper.post(address, {"active": "yes"})
    account.refresh_from_db()
    assert account.is_active


def test_ones_own_account_is_not_deactivated(keeper: Client, sysadmin: User):
    answer = keeper.post(reverse("account-deactivate", args=[sysadmin.pk]), {"active": "no"}, follow=True)
    assert "You cannot deactivate your own account." in answer.content.decode()
    sysadmin.refresh_from_db()
    assert sysadmin.is_active


def test_the_last_system_administrator_stays(sysadmin: User):
    second = UserFactory(role=Role.SYSTEM_ADMIN)
    workflow.set_active(second, False, by=sysadmin)
    with pytest.raises(ValidationError, match=r"."):
        workflow.set_active(sysadmin, False, by=second)
    assert User.objects.get(pk=sysadmin.pk).is_active


def test_a_change_of_role_ends_the_sessions_and_a_change_of_name_does_not(keeper: Client):
    account = UserFactory(role=Role.STATION_WORKER)
    theirs = Client()
    theirs.force_login(account)
    assert change(keeper, account, full_name="陈试改").status_code == 302
    assert theirs.get("/me/").status_code == 200
    assert change(keeper, account, role=Role.INSPECTOR.value).status_code == 302
    assert theirs.get("/me/").status_code == 302
    account.refresh_from_db()
    assert (account.full_name, account.role) == ("陈试改", Role.INSPECTOR)


def test_ones_own_role_is_not_changed(keeper: Client, sysadmin: User):
    answer = change(keeper, sysadmin, role=Role.BUREAU_ADMIN.value)
    assert "You cannot change your own role." in answer.content.decode()
    sysadmin.refresh_from_db()
    assert sysadmin.role == Role.SYSTEM_ADMIN


def test_the_last_day_shown_in_the_form_can_be_saved_again(keeper: Client, sysadmin: User):
    User.objects.filter(pk=sysadmin.pk).update(language="zh-hans")
    account = UserFactory(expires_on=date(2024, 12, 31))
    html = keeper.get(reverse("account-detail", args=[account.pk])).content.decode()
    # A date control understands this form only, in every language.
    assert 'value="2024-12-31"' in html
    assert change(keeper, account).status_code == 302
    account.refresh_from_db()
    assert account.expires_on == date(2024, 12, 31)


def test_a_save_over_a_newer_one_is_refused_and_keeps_what_was_typed(keeper: Client):
    account = UserFactory(full_name="陈试甲")
    address = reverse("account-detail", args=[account.pk])
    form = keeper.get(address).context["form"]
    stale = {name: form[name].value() or "" for name in form.fields}
    change(keeper, account, full_name="陈试乙")
    answer = keeper.post(address, stale | {"full_name": "陈试丙"})
    assert answer.status_code == 200
    assert "陈试丙" in answer.content.decode()
    account.refresh_from_db()
    assert account.full_name == "陈试乙"


def test_the_first_administrator_is_made_from_the_command_line(db: None, capsys):
    call_command("create_account", "root.chen", "陈试管")
    printed = capsys.readouterr().out
    made = User.objects.get(username="root.chen")
    assert made.role == Role.SYSTEM_ADMIN
    assert made.check_password(printed.split()[-1])
    with pytest.raises(CommandError):
        call_command("create_account", "root.chen", "陈试管")


def test_log_lines_hold_no_personal_numbers(db: None, caplog):
    number = make_id_number("350599", date(1950, 2, 3), 12)
    phone = "15400001234"
    caplog.handler.addFilter(logs.PersonalDataFilter())
    caplog.handler.setFormatter(logs.JsonLine())
    with caplog.at_level(logging.INFO):
        client = Client()
        client.get(f"/search/?q={number}")
        client.post("/sign-in/", {"username": number, "password": phone})
        client.get(f"/nothing/{number}/{phone}/")
        logging.getLogger("portal").warning("client %s called", number, extra={"phone": phone})
        try:
            raise ValueError(f"bad number {number}")
        except ValueError:
            logging.getLogger("portal").exception("failed")
    assert "[number removed]" in caplog.text
    assert number not in caplog.text
    assert phone not in caplog.text
