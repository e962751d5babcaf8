"""What every API resource gets from its base: the right, the scope, strict input, pages, worded refusals."""

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.test import Client
from django.urls import get_resolver
from django.utils import translation
from rest_framework import exceptions, serializers
from rest_framework.test import APIRequestFactory, force_authenticate

from jinjiang_portal import api, api_rules
from jinjiang_portal.accounts.models import Notice, Role, User
from jinjiang_portal.accounts.workflow import notify
from jinjiang_portal.versioned import StaleVersion
from tests.factories import UserFactory


class NoticeSerializer(api.StrictModelSerializer):
    class Meta:
        model = Notice
        fields = ["id", "text", "url", "key"]
        read_only_fields = ["key"]


class NoticeViewSet(api.ReadViewSet):
    action_name = "log.view"
    write_action_name = "log.write"
    model = Notice
    serializer_class = NoticeSerializer
    ordering = "-id"


class Undeclared(api.ReadViewSet):
    model = Notice
    serializer_class = NoticeSerializer


class Lines(api.StrictSerializer):
    minutes = serializers.IntegerField()
    total = serializers.IntegerField(read_only=True)


def ask(user: User | None, query: str = "", view: type[api.ReadViewSet] = NoticeViewSet):
    request = APIRequestFactory().get(f"/api/v1/x/{query}")
    if user:
        force_authenticate(request, user)
    return view.as_view({"get": "list"})(request)


@pytest.fixture
def worker(db: None) -> User:
    return UserFactory(role=Role.STATION_WORKER)


def test_nobody_is_answered_401_and_never_led_to_a_page(client: Client, db: None):
    for address in ("/api/v1/logs/", "/api/schema/", "/api/docs/"):
        answer = client.get(address)
        assert answer.status_code == 401, address
        assert "Location" not in answer.headers
    assert client.get("/api/v1/logs/").json()["code"] == "not_signed_in"


def test_a_role_without_the_action_is_refused_with_a_sentence(db: None):
    answer = ask(UserFactory(role=Role.CONTRACTOR_FINANCE))
    assert answer.status_code == 403
    assert answer.data["code"] == "forbidden"
    assert answer.data["message"]


def test_a_resource_without_an_action_is_a_programming_error(worker: User):
    with pytest.raises(ImproperlyConfigured, match="Undeclared declares no action_name"):
        ask(worker, view=Undeclared)


def test_writing_needs_the_writing_action(worker: User):
    def allowed(user: User) -> bool:
        request = APIRequestFactory().post("/api/v1/x/")
        request.user = user
        view = NoticeViewSet(action="create")
        return api_rules.ActionPermission().has_permission(request, view)

    assert allowed(worker)
    assert not allowed(UserFactory(role=Role.BUREAU_VIEWER))


def test_an_action_of_its_own_is_taken_from_the_map(db: None):
    request = APIRequestFactory().post("/api/v1/x/")
    request.user = UserFactory(role=Role.STATION_WORKER)
    view = NoticeViewSet(action="decide")
    view.actions_map = {"decide": "log.review"}
    assert not api_rules.ActionPermission().has_permission(request, view)
    request.user = UserFactory(role=Role.TOWNSHIP_SUPERVISOR)
    assert api_rules.ActionPermission().has_permission(request, view)


def test_a_list_holds_only_what_the_user_may_see(worker: User):
    notify([worker], "Mine.", key="a")
    notify([UserFactory()], "Foreign.", key="b")
    assert [row["text"] for row in ask(worker).data["results"]] == ["Mine."]


def test_pages_go_by_key_and_hold_at_most_two_hundred(worker: User):
    for number in range(205):
        notify([worker], f"Notice {number}.", key=str(number))
    first = ask(worker)
    assert len(first.data["results"]) == 50
    second = ask(worker, "?" + first.data["next"].split("?")[1])
    seen = {row["id"] for row in first.data["results"]} & {row["id"] for row in second.data["results"]}
    assert not seen
    assert len(ask(worker, "?page_size=5000").data["results"]) == 200


@pytest.mark.parametrize("name", ["total", "surprise"])
def test_what_a_resource_does_not_take_is_refused_by_name(name: str):
    lines = Lines(data={"minutes": 5, name: 7})
    assert not lines.is_valid()
    assert name in lines.errors
    assert Lines(data={"minutes": 5}).is_valid()


def test_a_model_resource_is_as_strict(db: None):
    notice = NoticeSerializer(data={"text": "x", "key": "set", "recipient": 1})
    assert not notice.is_valid()
    assert set(notice.errors) >= {"key", "recipient"}


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (DjangoValidationError("Wrong."), 400, "invalid"),
        (DjangoValidationError({"day": ["Wrong day."]}), 400, "invalid"),
        (exceptions.ValidationError({"day": ["Wrong day."]}), 400, "invalid"),
        (exceptions.NotAuthenticated(), 401, "not_signed_in"),
        (PermissionDenied("Not you."), 403, "forbidden"),
        (Http404(), 404, "not_found"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method"),
        (StaleVersion("Somebody saved before you."), 409, "stale"),
        (exceptions.Throttled(wait=3), 429, "too_many"),
    ],
)
def test_every_refusal_has_a_code_a_sentence_and_errors(error: Exception, status: int, code: str):
    answer = api_rules.on_error(error, {})
    assert answer is not None
    assert (answer.status_code, answer.data["code"]) == (status, code)
    assert answer.data["message"]
    assert set(answer.data) == {"code", "message", "errors"}


def test_a_wrong_field_is_named():
    answer = api_rules.on_error(DjangoValidationError({"day": ["Wrong day."]}), {})
    assert answer is not None
    assert answer.data["errors"] == {"day": ["Wrong day."]}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_refusals_speak_the_language_of_the_user(language: str):
    with translation.override(language):
        answer = api_rules.on_error(Http404(), {})
        expected = translation.gettext("There is nothing at this address that you may see.")
    assert answer is not None
    assert answer.data["message"] == expected


def test_what_is_no_refusal_is_left_to_the_error_page():
    assert api_rules.on_error(RuntimeError("bug"), {}) is None


def test_every_resource_declares_its_action():
    views = {
        entry.callback.cls
        for resolver in get_resolver("jinjiang_portal.api_urls").url_patterns
        for entry in getattr(resolver, "url_patterns", [])
        if hasattr(entry.callback, "cls")
    }
    assert views
    assert [view for view in views if not getattr(view, "action_name", None)] == []


def test_the_documentation_needs_no_outside_and_nothing_inline(client: Client, worker: User):
    client.force_login(worker)
    html = client.get("/api/docs/").content.decode()
    assert "<style" not in html
    assert "<script>" not in html
    assert "https://" not in html
    script = client.get("/api/docs/?script=")
    assert script.status_code == 200
    assert "javascript" in script.headers["Content-Type"]


def test_the_schema_describes_the_resources(client: Client, worker: User):
    client.force_login(worker)
    answer = client.get("/api/schema/")
    assert answer.status_code == 200
    assert "/api/v1/logs/" in answer.content.decode()
