"""The rules of every API resource: who may ask, how it is paged, how a refusal is worded.

Apart from jinjiang_portal.api because Django REST framework loads these classes while its views are still loading.
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from jinjiang_portal import access
from jinjiang_portal.versioned import StaleVersion


class SessionOrNothing(SessionAuthentication):
    """The portal's session; whoever has none is answered 401, not led to the sign-in page."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class SignedInPermission(BasePermission):
    """Anybody with an account."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated)


class ActionPermission(SignedInPermission):
    """The role must have the resource's action; a resource that declares none is a programming error."""

    def has_permission(self, request: Request, view: Any) -> bool:
        reading = getattr(view, "action_name", None)
        if reading is None:
            raise ImproperlyConfigured(f"{type(view).__name__} declares no action_name.")
        if not super().has_permission(request, view):
            return False
        if not access.may(request.user, reading):
            return False
        wanted = getattr(view, "actions_map", {}).get(view.action)
        if wanted is None and request.method not in ("GET", "HEAD", "OPTIONS"):
            wanted = getattr(view, "write_action_name", None)
        return wanted is None or access.may(request.user, wanted)


class KeyPagination(CursorPagination):
    """Pages by key: quick at any depth and steady while rows are added. `page_size` up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-id"

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return (getattr(view, "ordering", self.ordering),)


CODES = {
    400: "invalid", 401: "not_signed_in", 403: "forbidden", 404: "not_found", 405: "method", 409: "stale",
    415: "media_type", 429: "too_many",
}  # fmt: skip


def on_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as {code, message, errors}; the message is a sentence in the user's language."""
    if isinstance(error, StaleVersion):
        return _answer(status.HTTP_409_CONFLICT, " ".join(error.messages))
    if isinstance(error, DjangoValidationError):
        errors = error.message_dict if hasattr(error, "error_dict") else {}
        return _answer(status.HTTP_400_BAD_REQUEST, " ".join(error.messages), errors)
    if isinstance(error, Http404 | exceptions.NotFound):
        return _answer(status.HTTP_404_NOT_FOUND, _("There is nothing at this address that you may see."))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return _answer(status.HTTP_401_UNAUTHORIZED, _("Sign in first."))
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        text = str(error) or _("Your role does not include this. The bureau grants rights to roles.")
        return _answer(status.HTTP_403_FORBIDDEN, text)
    if isinstance(error, exceptions.ValidationError):
        return _answer(status.HTTP_400_BAD_REQUEST, _("Some fields are not right."), error.detail)
    if isinstance(error, exceptions.APIException):
        return _answer(error.status_code, str(error.detail))
    return None


def _answer(code: int, message: str, errors: Any = None) -> Response:
    return Response({"code": CODES.get(code, "error"), "message": message, "errors": errors or {}}, status=code)
