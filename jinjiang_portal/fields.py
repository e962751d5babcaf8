"""Columns the portal needs beyond Django's own: time-ordered keys and encrypted text."""

import uuid
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from uuid6 import uuid7 as _uuid7


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562 version 7) as the standard library's class."""
    return uuid.UUID(int=_uuid7().int)


class UUID7Field(models.UUIDField):
    """A UUIDv7: time-ordered, not guessable in addresses, and may be made by the client before it is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", uuid7)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key.strip().encode()) for key in keys])


def encrypt(text: str) -> str:
    """Ciphertext under the newest key; the empty string stays empty."""
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """Plain text of `encrypt`; raises ValueError when no key fits (a wrong FIELD_ENCRYPTION_KEYS)."""
    if not token:
        return ""
    try:
        return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ValueError(
            "An encrypted column cannot be read: FIELD_ENCRYPTION_KEYS lacks the key it was written with."
        ) from error


class EncryptedField(models.TextField):
    """Text encrypted at rest with MultiFernet. It cannot be searched: keep identity.keyed_hash beside it."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return decrypt(value) if value else value
