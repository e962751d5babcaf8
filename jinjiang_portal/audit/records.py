"""Writing to the audit trail. No entry holds a full number, an address or a client's name."""

from typing import Any

from auditlog import get_logentry_model
from auditlog.diff import model_instance_diff
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db import models

from jinjiang_portal.fields import EncryptedField

READ, EXPORT, ACT = "read", "export", "act"


def register(model: type[models.Model], exclude: list[str] | None = None, mask: list[str] | None = None) -> None:
    """Record every creation, change and deletion of the model's rows.

    Encrypted columns and hashes are left out by themselves; `exclude` names further columns, `mask` those of which only
    half is kept.
    """
    if auditlog.contains(model):
        return
    hidden = [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedField) or field.name.endswith("_hash") or field.name in ("password", "pinyin")
    ]
    auditlog.register(model, exclude_fields=[*hidden, *(exclude or [])], mask_fields=list(mask or []))


def describe(obj: models.Model) -> str:
    """The row's kind and key: what the trail calls it, without names."""
    return f"{obj._meta.label_lower} {obj.pk}"


def changed(before: models.Model, after: models.Model, fields: list[str]) -> None:
    """A change that was written by a query and not by save()."""
    if not auditlog.contains(type(after)):
        return
    differences = model_instance_diff(before, after, fields_to_check=fields)
    if differences:
        entries = get_logentry_model()
        entries.objects.log_create(after, action=entries.Action.UPDATE, changes=differences)


def read(user: Any, obj: models.Model, what: str, reason: str = "") -> None:
    """Somebody looked at personal data of the row: `what` names the data, `reason` why."""
    _write(user, obj, {"kind": READ, "what": what, "reason": reason})


def exported(user: Any, what: str, count: int, purpose: str) -> None:
    """Somebody took `count` rows of the list `what` out of the portal."""
    _write(user, user, {"kind": EXPORT, "what": what, "count": count, "purpose": purpose})


def acted(user: Any, act: str, obj: models.Model, values: dict[str, Any] | None = None) -> None:
    """Somebody did something to the row that its columns alone do not show."""
    _write(user, obj, {"kind": ACT, "what": act, **(values or {})})


def _write(user: Any, obj: models.Model, data: dict[str, Any]) -> None:
    entries = get_logentry_model()
    key = obj.pk
    entries.objects.create(
        content_type=ContentType.objects.get_for_model(obj),
        object_pk=str(key),
        object_id=key if isinstance(key, int) else None,
        object_repr=describe(obj),
        action=entries.Action.ACCESS,
        actor=user,
        additional_data=data,
    )


def without_names(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Called before an entry is written: the package would keep str(row), which is a person's name (SECURITY 6)."""
    label = instance.content_type.model_class()
    name = label._meta.label_lower if label else instance.content_type.model
    instance.object_repr = f"{name} {instance.object_pk}"
