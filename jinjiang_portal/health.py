"""Is the portal alive, is it ready, and what it says when something goes wrong."""

import logging
import os
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views import View
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerError

from jinjiang_portal import access

logger = logging.getLogger("portal.health")
BROKER_SECONDS = 2


class LiveView(access.Public, View):
    """The process answers."""

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"status": "ok"})


def check_database() -> None:
    """A query is answered and every migration is applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise DatabaseError("There are migrations to apply.")


def check_broker() -> None:
    """The doorbell of the jobs can be rung."""
    if settings.CELERY_BROKER_URL.startswith("filesystem"):
        folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]
        if not os.access(folder, os.W_OK):
            raise OSError("The broker's folder cannot be written to.")
        return
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=BROKER_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)


def check_storage() -> None:
    """A file can be written and removed."""
    name = default_storage.save(f"health/{uuid.uuid4().hex}", ContentFile(b"ready"))
    default_storage.delete(name)


CHECKS: dict[str, Callable[[], None]] = {"database": check_database, "broker": check_broker, "storage": check_storage}


class ReadyView(access.Public, View):
    """Database, broker and storage answer; 503 names the one that does not, without details."""

    def get(self, request: HttpRequest) -> JsonResponse:
        results = {}
        for name, check in CHECKS.items():
            try:
                check()
                results[name] = "ok"
            except (DatabaseError, InterfaceError, OSError, BrokerError) as error:
                logger.error("not ready", extra={"check": name, "error": type(error).__name__})
                results[name] = "failed"
        ready = all(result == "ok" for result in results.values())
        return JsonResponse({"status": "ok" if ready else "failed", "checks": results}, status=200 if ready else 503)


class UnavailableMiddleware:
    """A database that is away is said on a page of its own (503), for pages and for the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as error:
            return unavailable(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError | InterfaceError):
            return unavailable(request, error)
        return None


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("database away", extra={"error": type(error).__name__, "path": request.path})
    return _page(request, 503, _("The database cannot be reached just now. Nothing was saved; try again in a minute."))


def _page(request: HttpRequest, status: int, message: str, template: str = "") -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"code": "error", "message": message, "errors": {}}, status=status)
    # Without context processors: the page must come even when the database is away.
    context = {"reason": message if status in (403, 503) else "", "request": request}
    return render(None, template or f"errors/{status}.html", context, status=status)  # type: ignore[arg-type]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, _("The request could not be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, str(exception) or _("Your role does not include this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, _("There is nothing at this address that you may see."))


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500, _("Something went wrong on our side. It has been recorded."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        _("The page was open too long or cookies are off. Reload it and send again."),
        "errors/403_csrf.html",
    )


urlpatterns: list[Any] = [
    path("live/", LiveView.as_view(), name="health-live"),
    path("ready/", ReadyView.as_view(), name="health-ready"),
]
