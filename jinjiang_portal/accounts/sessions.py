"""The sessions a user has open: kept beside Django's session rows so that the user can see and end them (SECURITY 5).

Idle time is measured on the real clock: the portal's own clock stands still in demo mode.
"""

import time
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, user_logged_in, user_logged_out
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from jinjiang_portal.accounts.models import User, UserSession

SEEN = "seen"  # seconds of the epoch at which the user last did something
SECOND_FACTOR = "second_factor"  # whether the account has a confirmed device
STAMP_SECONDS = 60


def idle_seconds() -> int:
    """How long a session may lie unused, in seconds."""
    return settings.SESSION_IDLE_MINUTES * 60


def seconds_left(request: HttpRequest) -> int:
    """Seconds until the session ends if the user does nothing; 0 when it is over."""
    seen = request.session.get(SEEN, int(time.time()))
    return max(0, int(seen + idle_seconds() - time.time()))


def stamp(request: HttpRequest, *, at_once: bool = False) -> bool:
    """Note that the user is active, at most once a minute unless `at_once`. False when the session has been ended."""
    now = int(time.time())
    if not at_once and now - request.session.get(SEEN, 0) < STAMP_SECONDS:
        return True
    kept = UserSession.objects.filter(session_key=request.session.session_key).update(seen_at=timezone.now())
    request.session[SEEN] = now
    return bool(kept)


def note_sign_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Open the session's row at sign-in (receiver of Django's own signal)."""
    request.session[SEEN] = int(time.time())
    request.session[SECOND_FACTOR] = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    if request.session.session_key is None:
        request.session.save()
    UserSession.objects.filter(user=user, seen_at__lt=_oldest_alive()).delete()
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "address": getattr(request, "axes_ip_address", None) or request.META.get("REMOTE_ADDR") or None,
            "agent": request.META.get("HTTP_USER_AGENT", "")[:200],
        },
    )


def note_sign_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Remove the session's row at sign-out (receiver of Django's own signal)."""
    UserSession.objects.filter(session_key=request.session.session_key or "").delete()


def hook() -> None:
    """Listen to django.contrib.auth; called once when the app is ready."""
    user_logged_in.connect(note_sign_in, dispatch_uid="accounts-session-open")
    user_logged_out.connect(note_sign_out, dispatch_uid="accounts-session-close")


def rotate(request: HttpRequest) -> None:
    """Give the session a new key, after the second factor: a key seen before is worth nothing afterwards."""
    before = request.session.session_key
    request.session.cycle_key()
    rekey(request, before)


def rekey(request: HttpRequest, before: str | None) -> None:
    """Keep the session's row with its session after the key changed from `before`."""
    UserSession.objects.filter(session_key=before or "").update(session_key=request.session.session_key)


def alive(user: User) -> QuerySet[UserSession]:
    """The user's sessions that have not run out."""
    return UserSession.objects.filter(user=user, seen_at__gte=_oldest_alive())


def end(sessions: QuerySet[UserSession]) -> int:
    """End these sessions: their next request is not signed in. Returns how many were ended."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    with transaction.atomic():
        keys = list(sessions.select_for_update().values_list("session_key", flat=True))
        for key in keys:
            store(key).delete()
        UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def end_others(request: HttpRequest) -> int:
    """End every session of the user except this one."""
    mine = UserSession.objects.filter(user_id=request.session.get(SESSION_KEY))
    return end(mine.exclude(session_key=request.session.session_key))


def end_all(user: User) -> int:
    """End every session of an account, e.g. after its password was reset."""
    return end(UserSession.objects.filter(user=user))


def _oldest_alive() -> Any:
    return timezone.now() - timedelta(seconds=idle_seconds() + STAMP_SECONDS)
