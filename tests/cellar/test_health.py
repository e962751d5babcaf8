"""Alive, ready, and what is said when something is away."""

import json
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from jinjiang_portal import health


def test_the_process_says_that_it_lives(client: Client):
    answer = client.get("/health/live/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_portal_with_everything_is_ready(client: Client, db: None):
    answer = client.get("/health/ready/")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "broker": "ok", "storage": "ok"}}


def test_the_storage_check_leaves_nothing_behind(client: Client, db: None, settings):
    client.get("/health/ready/")
    folder = Path(settings.MEDIA_ROOT) / "health"
    assert not folder.exists() or not list(folder.iterdir())


def test_a_broker_that_is_away_is_named_without_details(client: Client, db: None, settings):
    settings.CELERY_BROKER_URL = "redis://:secret-word@127.0.0.1:1/0"
    answer = client.get("/health/ready/")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "broker": "failed", "storage": "ok"}
    assert "secret-word" not in answer.content.decode()


def test_a_storage_that_cannot_be_written_is_named(client: Client, db: None, settings, tmp_path: Path):
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder")
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": f"{FileSystemStorage.__module__}.FileSystemStorage",
            "OPTIONS": {"location": str(blocked)},
        }
    }
    answer = client.get("/health/ready/")
    assert answer.status_code == 503
    assert answer.json()["checks"]["storage"] == "failed"


def test_a_migration_not_applied_makes_the_portal_not_ready(client: Client, db: None):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    answer = client.get("/health/ready/")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "failed"


@pytest.mark.parametrize("error", [OperationalError("host=10.0.0.7 refused"), InterfaceError("closed")])
def test_a_database_that_is_away_is_said_on_a_page_of_its_own(error: Exception):
    def view(request) -> HttpResponse:
        raise error

    page = health.UnavailableMiddleware(view)(RequestFactory().get("/"))
    assert page.status_code == 503
    assert "10.0.0.7" not in page.content.decode()
    assert "<h1" in page.content.decode()
    api = health.UnavailableMiddleware(view)(RequestFactory().get("/api/v1/logs/"))
    assert api.status_code == 503
    assert set(json.loads(api.content)) == {"code", "message", "errors"}


@pytest.mark.parametrize(
    ("handler", "status"),
    [(health.bad_request, 400), (health.forbidden, 403), (health.not_found, 404)],
)
def test_every_refusal_has_a_page_and_an_answer_for_programs(handler, status: int):
    page = handler(RequestFactory().get("/x/"), Http404("internal words"))
    assert page.status_code == status
    answer = handler(RequestFactory().get("/api/x/"), Http404(""))
    assert json.loads(answer.content)["message"]


def test_a_failure_shows_no_details():
    page = health.server_error(RequestFactory().get("/x/"))
    assert page.status_code == 500
    assert "Traceback" not in page.content.decode()


def test_a_form_without_the_token_is_refused_on_a_page_that_says_what_to_do(db: None):
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {})
    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()
