"""Guards every request of a signed-in user: idle and ended sessions, expired accounts, first change, second factor."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import access, clock
from jinjiang_portal.accounts import sessions

IDLE, ENDED, EXPIRED = "idle", "ended", "expired"
# Why a session ended, as the sign-in page says it.
WHY = {
    IDLE: _("You were signed out because nothing was done for a while. Sign in to go on where you were."),
    ENDED: _("This session has ended. Sign in again to go on where you were."),
    EXPIRED: _("This account has run out. The system administrator can prolong it."),
}
DETOURS = {
    "totp-verify": _("Enter the code of your authenticator app first."),
    "password-change": _("Choose your own password first."),
    "totp-setup": _("Your role needs a second factor. Set it up first."),
}
ALWAYS_OPEN = {"sign-in", "sign-out", "set-language", "ping"}
# Polled by open pages without the user: must not keep a session alive.
_UNATTENDED = {("GET", "ping")}


class SessionGuardMiddleware:
    """Signs out what must not go on, and leads a user to the step that is due before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reason = _end_reason(request)
        if reason:
            logout(request)
            if not _is_public(request):
                return _signed_out(request, reason)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        if (request.method, name) not in _UNATTENDED and not sessions.stamp(request):
            logout(request)
            return _signed_out(request, ENDED)
        detour = _detour(request)
        if detour is None or name == detour or name in ALWAYS_OPEN or _is_public_view(view):
            return None
        return _led_to(request, detour)


def _end_reason(request: HttpRequest) -> str | None:
    user = request.user
    if not user.is_authenticated:
        # A session cookie with nothing behind it: the session ran out or was ended from elsewhere.
        had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        return ENDED if had_session and request.session.is_empty() else None
    if sessions.seconds_left(request) == 0:
        return IDLE
    if user.expires_on and user.expires_on < clock.today():
        return EXPIRED
    return None


def _detour(request: HttpRequest) -> str | None:
    """The page that must be done first, or None."""
    user = request.user
    verified = user.is_verified()
    if request.session.get(sessions.SECOND_FACTOR) and not verified:
        return "totp-verify"
    if user.must_change_password:
        return "password-change"
    if user.role in settings.TOTP_REQUIRED_ROLES and not verified:
        return "totp-setup"
    return None


def _is_public(request: HttpRequest) -> bool:
    if request.path.startswith(settings.STATIC_URL):
        return True
    try:
        return _is_public_view(resolve(request.path_info).func)
    except Resolver404:
        return True


def _is_public_view(view: Any) -> bool:
    view_class = getattr(view, "view_class", None)
    return view_class is not None and issubclass(view_class, access.Public)


def is_machine(request: HttpRequest) -> bool:
    """Whether a program asks, which a redirect to a page would only confuse."""
    asked_by_script = request.path.startswith("/api/") or request.path == reverse("ping")
    return asked_by_script or request.headers.get("Accept", "").startswith("application/json")


def return_address(request: HttpRequest) -> str:
    """Where to go on after an interruption: the page asked for, or the page whose form was being sent."""
    in_page = request.headers.get("HX-Request") == "true"
    if request.method in ("GET", "HEAD") and not in_page:
        return request.get_full_path()
    origin = request.headers.get("HX-Current-URL" if in_page else "Referer", "")
    if not url_has_allowed_host_and_scheme(origin, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(origin)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _signed_out(request: HttpRequest, reason: str) -> HttpResponse:
    if is_machine(request):
        return JsonResponse({"detail": str(WHY[reason]), "code": reason}, status=401)
    query = urlencode({"next": return_address(request), "why": reason})
    return _go(request, f"{reverse('sign-in')}?{query}")


def _led_to(request: HttpRequest, name: str) -> HttpResponse:
    if is_machine(request):
        return JsonResponse({"detail": str(DETOURS[name]), "code": name}, status=403)
    return _go(request, f"{reverse(name)}?{urlencode({'next': return_address(request)})}")
