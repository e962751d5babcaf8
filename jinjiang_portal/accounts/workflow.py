"""State changes of accounts and notices."""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from jinjiang_portal import clock
from jinjiang_portal.accounts import sessions
from jinjiang_portal.accounts.models import Notice, User
from jinjiang_portal.accounts.roles import Role

# No 0/o, 1/l/i: the password is read out or copied by hand once.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
RECOVERY_CODES = 10


def one_time_password() -> str:
    """A random password of 16 letters and digits in groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _place in range(4)) for _group in range(4))


def notify(
    recipients: Iterable[User], text: str, values: dict[str, Any] | None = None, url: str = "", key: str = ""
) -> None:
    """Tell each recipient once. `text` is an English source sentence (gettext_noop) with %(name)s places.

    `key` names the event: the same key never tells the same person twice, so a retried act is harmless.
    """
    notices = [
        Notice(recipient=user, text=text, values=values or {}, url=url, key=f"{key}:{user.pk}")
        for user in {user.pk: user for user in recipients if user.is_active}.values()
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def mark_read(notices: Any) -> int:
    """Mark the unread ones of these notices as read; returns how many there were."""
    return notices.unread().update(read_at=clock.now())


def create_account(
    *, username: str, full_name: str, role: str, organisation: str = "", expires_on: date | None = None
) -> tuple[User, str]:
    """A new account and its one-time password, which is kept nowhere and must be changed at the first sign-in."""
    password = one_time_password()
    user = User(
        username=username, full_name=full_name, role=role, organisation=organisation, expires_on=expires_on,
        must_change_password=True,
    )  # fmt: skip
    user.set_password(password)
    with transaction.atomic():
        user.save()
    return user, password


def reset_password(user: User, *, remove_second_factor: bool = False) -> str:
    """A new one-time password; every session of the account ends. Returns the password, to be shown once."""
    password = one_time_password()
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        locked.set_password(password)
        locked.must_change_password = True
        locked.save(update_fields=["password", "must_change_password"])
        if remove_second_factor:
            drop_second_factor(locked)
        sessions.end_all(locked)
    return password


def change_account(form: Any, *, by: User) -> User:
    """Save a valid AccountChangeForm. Sessions end when the role changed, so that no page goes on with the old one.

    Refused with a ValidationError when it would take the last system administrator away, or one's own role.
    """
    with transaction.atomic():
        before = User.objects.select_for_update().get(pk=form.instance.pk)
        account = form.instance
        if account.role != before.role:
            if before.pk == by.pk:
                raise ValidationError(_("You cannot change your own role. Another system administrator can."))
            _keep_one_administrator(before)
        form.save()
        if account.role != before.role:
            sessions.end_all(before)
    return account


def _keep_one_administrator(leaving: User) -> None:
    others = User.objects.select_for_update().filter(role=Role.SYSTEM_ADMIN, is_active=True).exclude(pk=leaving.pk)
    if leaving.role == Role.SYSTEM_ADMIN and leaving.is_active and not others:
        raise ValidationError(_("This is the last active system administrator. Create another one first."))


def set_active(user: User, active: bool, *, by: User) -> None:
    """Switch an account on or off; off ends its sessions.

    Refused with a ValidationError for one's own account and for the last active system administrator.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not active:
            if locked.pk == by.pk:
                raise ValidationError(_("You cannot deactivate your own account."))
            _keep_one_administrator(locked)
        locked.is_active = active
        locked.save(update_fields=["is_active"])
        if not active:
            sessions.end_all(locked)


def confirm_second_factor(user: User, key: bytes, last_step: int) -> tuple[TOTPDevice, list[str]]:
    """Switch the second factor on with a key whose code was just shown to be right.

    `last_step` is the time step of that code, so that it cannot be used twice. Returns the device and the recovery
    codes, to be shown once.
    """
    with transaction.atomic():
        drop_second_factor(user)
        device = TOTPDevice.objects.create(user=user, name="app", key=key.hex(), confirmed=True, last_t=last_step)
        recovery = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
        codes = [one_time_password()[:9] for _place in range(RECOVERY_CODES)]
        for code in codes:
            recovery.token_set.create(token=code)
    return device, codes


def drop_second_factor(user: User) -> None:
    """Remove the account's devices and recovery codes."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
