"""Signing in and out, the lock after failures, the language switch, and the ping that keeps a session alive."""

from datetime import timedelta
from math import ceil
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from jinjiang_portal import access
from jinjiang_portal.accounts import demo, sessions
from jinjiang_portal.accounts.forms import SignInForm
from jinjiang_portal.accounts.middleware import WHY
from jinjiang_portal.accounts.models import User

LANGUAGE_COOKIE_SECONDS = 365 * 24 * 60 * 60


def inside(request: HttpRequest) -> str:
    """The `next` address of the request when it leads to a page of this portal, else nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here else ""


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Where to go on after signing in: `next` when it is a page of this portal, else `default`."""
    wanted = inside(request)
    turning_round = wanted.split("?")[0] in (reverse("sign-in"), reverse("sign-out"))
    return wanted if wanted and not turning_round else default


def demo_accounts() -> list[User]:
    """The demo accounts that exist, in the order of their list; none outside demo mode."""
    if not settings.DEMO_MODE:
        return []
    found = {user.username: user for user in User.objects.filter(username__in=demo.DEMO_USERNAMES, is_active=True)}
    return [found[name] for name in demo.DEMO_USERNAMES if name in found]


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What the sign-in page needs beside its form."""
    return {
        "why": WHY.get(request.GET.get("why", "")),
        "next": safe_next(request, default=""),
        "demo_accounts": demo_accounts(),
        "demo_password": demo.DEMO_PASSWORD if settings.DEMO_MODE else "",
    }


class SignInView(access.Public, auth_views.LoginView):
    """Sign in with user name and password. The session's key changes (django.contrib.auth.login)."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:
        return safe_next(self.request, default="")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | page_context(self.request)


class SignOutView(access.Public, auth_views.LogoutView):
    """Sign out. Public, so that signing out of a session that is already over is no error."""


def minutes_locked(request: HttpRequest, username: str) -> int:
    """Whole minutes until the user name may be tried again from this address, at least 1."""
    cool_off = get_cool_off(request) or timedelta(0)
    tried = AccessAttempt.objects.filter(username=username, ip_address=getattr(request, "axes_ip_address", None))
    newest = tried.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    until = (newest or timezone.now()) + cool_off
    return max(1, ceil((until - timezone.now()).total_seconds() / 60))


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """The sign-in page with a sentence that says when one may try again; the same for unknown user names."""
    username = (credentials or {}).get("username") or ""
    minutes = minutes_locked(request, username)
    sentence = _(
        "Sign-in with this user name is locked at this address after %(failures)s failures. "
        "Try again in %(minutes)s minutes, or ask the system administrator for a new password."
    ) % {"failures": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    context = page_context(request) | {"form": SignInForm(request, initial={"username": username}), "locked": sentence}
    answer = render(request, SignInView.template_name, context, status=429)
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer


class SetLanguageView(access.Public, View):
    """Switch the language: kept in a cookie, and in the account of who has signed in."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        answer = HttpResponseRedirect(inside(request) or "/")
        language = request.POST.get("language", "")
        if language in dict(settings.LANGUAGES):
            keep_language(request, answer, language)
        return answer


def keep_language(request: HttpRequest, answer: HttpResponse, language: str) -> None:
    """Write the chosen language to the cookie and to the signed-in account."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=LANGUAGE_COOKIE_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=language)


class PingView(access.SignedIn, View):
    """Seconds until the session ends. GET only asks; POST says that the user is there and starts the time anew."""

    http_method_names = ["get", "post"]

    def handle_no_permission(self) -> HttpResponse:
        return JsonResponse({"seconds_left": 0, "code": "ended"}, status=401)

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"seconds_left": sessions.seconds_left(request)})

    def post(self, request: HttpRequest) -> JsonResponse:
        sessions.stamp(request, at_once=True)
        return JsonResponse({"seconds_left": sessions.seconds_left(request)})
