"""What the apps hand up to the frame: menu entries, to-dos for the home page, search results.

A lower floor reaches a higher one only this way: an app registers in its `AppConfig.ready()`, the frame asks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class MenuItem:
    """One entry of the left menu. `count(user)` is the number of things that wait for this user, 0 hides it."""

    group: str
    title: Any
    url_name: str
    action: str
    order: int
    icon: str = "doc"
    count: Callable[[Any], int] | None = None
    roles: frozenset[str] | None = None  # shown only to these roles when given
    tab: bool = False  # also on the phone's bottom bar


@dataclass(frozen=True)
class Todo:
    """One line of “what needs me today”: how many, what, why, until when, and where to act."""

    count: int
    title: str
    why: str
    url: str
    due: date | None = None
    late: bool = False


@dataclass(frozen=True)
class Hit:
    """One search result."""

    kind: str
    title: str
    note: str
    url: str


MENU: list[MenuItem] = []
TODOS: list[Callable[[Any, date], Iterable[Todo]]] = []
FIGURES: list[Callable[[Any, date], Iterable[Any]]] = []
SEARCHES: list[Callable[[Any, str], Iterable[Hit]]] = []


def add_menu(*items: MenuItem) -> None:
    """Add menu entries once; a second registration of the same address is ignored."""
    known = {item.url_name for item in MENU}
    MENU.extend(item for item in items if item.url_name not in known)


def add_todo(provider: Callable[[Any, date], Iterable[Todo]]) -> None:
    """Add a provider of to-dos: given the user and today, the lines that wait for this user."""
    if provider not in TODOS:
        TODOS.append(provider)


def add_figures(provider: Callable[[Any, date], Iterable[Any]]) -> None:
    """Add a provider of home-page figures (see home.Figure)."""
    if provider not in FIGURES:
        FIGURES.append(provider)


def add_search(provider: Callable[[Any, str], Iterable[Hit]]) -> None:
    """Add a provider of search results: given the user and the normalised query, hits within the user's scope."""
    if provider not in SEARCHES:
        SEARCHES.append(provider)
