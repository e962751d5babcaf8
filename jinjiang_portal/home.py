"""The shell around every page, the home page and the search page: composed from what the apps registered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from jinjiang_portal import access, clock, registry
from jinjiang_portal.accounts.models import Notice, Role
from jinjiang_portal.names import normalise_query

NO_DUE_DATE = date.max


@dataclass(frozen=True)
class Figure:
    """A figure of the home page: value, unit, one sentence that says what it means, and the page of its rows."""

    title: str
    value: str
    unit: str
    sentence: str
    url: str = ""
    chart: str = ""


def menu_for(user: Any, path: str) -> list[dict[str, Any]]:
    """Menu groups of the user's role with the number of things that wait for the user."""
    groups: dict[str, dict[str, Any]] = {}
    for item in sorted(registry.MENU, key=lambda entry: entry.order):
        if not access.may(user, item.action) or (item.roles is not None and user.role not in item.roles):
            continue
        url = reverse(item.url_name)
        group = groups.setdefault(str(item.group), {"title": item.group, "items": []})
        group["items"].append(
            {
                "title": item.title,
                "url": url,
                "count": item.count(user) if item.count else 0,
                "current": path.startswith(url),
                "icon": item.icon,
                "tab": item.tab,
            }
        )
    _mark_current(groups)
    return list(groups.values())


def _mark_current(groups: dict[str, dict[str, Any]]) -> None:
    """Only the longest matching address is current: /clients/ and not also / ."""
    entries = [item for group in groups.values() for item in group["items"] if item["current"]]
    for item in sorted(entries, key=lambda entry: len(entry["url"]))[:-1]:
        item["current"] = False


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html on every page."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {
        "demo_mode": settings.DEMO_MODE,
        "portal_today": clock.today(),
        "session_idle_minutes": settings.SESSION_IDLE_MINUTES,
    }
    if user is None or not user.is_authenticated:
        return context
    menu = menu_for(user, request.path)
    home = {
        "title": _("Home"),
        "url": reverse("home"),
        "count": 0,
        "current": request.path == "/",
        "icon": "home",
        "tab": True,
    }
    menu.insert(0, {"title": "", "items": [home]})
    tabs = [item for group in menu for item in group["items"] if item["tab"]][:4]
    unread = Notice.objects.visible_to(user).unread().count()
    return context | {"menu": menu, "tabbar": tabs, "unread_notices": unread}


class HomeView(access.SignedIn, TemplateView):
    """What needs me now, in order of deadline, then my numbers."""

    template_name = "home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, clock.today()
        todos = [todo for provider in registry.TODOS for todo in provider(user, today) if todo.count]
        todos.sort(key=lambda todo: (not todo.late, todo.due or NO_DUE_DATE))
        figures = [figure for provider in registry.FIGURES for figure in provider(user, today)]
        kwargs |= {
            "todos": todos,
            "figures": figures,
            "notices": Notice.objects.visible_to(user).unread()[:5],
            "role_title": Role(user.role).label,
        }
        return super().get_context_data(**kwargs)


class MoreView(access.SignedIn, TemplateView):
    """The left menu as a page, for phones."""

    template_name = "more.html"


class SearchView(access.SignedIn, TemplateView):
    """Search in everything the user may see: names by characters, pinyin or initials, numbers."""

    template_name = "search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = self.request.GET.get("q", "").strip()[:60]
        query = normalise_query(typed)
        hits = [hit for provider in registry.SEARCHES for hit in provider(self.request.user, query)] if query else []
        return super().get_context_data(query=typed, hits=hits, **kwargs)
