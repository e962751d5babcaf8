"""Who may read a stored file: whoever sees the row it belongs to. The apps register how to ask for their rows."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from jinjiang_portal.files.models import StoredFile

OWNERS: dict[str, Callable[[Any, StoredFile], bool]] = {}


def register_owner(relation: str, visible: Callable[[Any, StoredFile], bool]) -> None:
    """`relation` is the reverse one-to-one name on StoredFile; `visible(user, stored)` asks the owner row."""
    OWNERS[relation] = visible


def may_read(user: Any, stored: StoredFile) -> bool:
    """Whether the user sees a row the file belongs to; a file without a row is its uploader's alone."""
    owned = False
    for relation, visible in OWNERS.items():
        try:
            getattr(stored, relation)
        except ObjectDoesNotExist:
            continue
        owned = True
        if visible(user, stored):
            return True
    return not owned and stored.uploaded_by_id == user.pk
