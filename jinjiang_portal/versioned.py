"""Rows two people may edit: the form carries the row's version, a stale save is refused and shows both versions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from jinjiang_portal.audit import records as audit


class StaleVersion(ValidationError):
    """The row was saved by somebody else since it was read. Nothing was overwritten."""


class VersionedModel(models.Model):
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save_version(self, expected: int, fields: list[str]) -> None:
        """Write `fields` if the stored version is still `expected`, and count it up; else raise StaleVersion."""
        values = {name: getattr(self, name) for name in fields}
        before = type(self)._base_manager.filter(pk=self.pk).first()
        updated = type(self)._base_manager.filter(pk=self.pk, version=expected).update(version=expected + 1, **values)
        if not updated:
            raise StaleVersion(_("Somebody saved this page after you opened it. Compare both versions below."))
        self.version = expected + 1
        if before is not None:
            audit.changed(before, self, fields)


class VersionedFormMixin(forms.ModelForm):
    """A model form with a hidden `version`; on a stale save `self.theirs` lists (label, stored value, typed value)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theirs: list[tuple[str, Any, Any]] = []
        if self.instance.pk and not self.instance._state.adding:
            self.fields["version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.instance._state.adding:
            return data
        expected = self.cleaned_data.get("version")
        stored = type(self.instance)._base_manager.get(pk=self.instance.pk)
        if expected != stored.version:
            self.theirs = [
                (str(self.fields[name].label), getattr(stored, name), self.cleaned_data.get(name))
                for name in self._meta.fields or []
                if name in self.cleaned_data and getattr(stored, name) != self.cleaned_data.get(name)
            ]
            # The form is shown again with the newer version, so that a deliberate second save goes through.
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = stored.version
            raise StaleVersion(_("Somebody saved this page after you opened it. Compare both versions below."))
        return data

    def save(self, commit: bool = True) -> Any:
        if self.instance._state.adding or not commit:
            return super().save(commit=commit)
        names = [field.name for field in self.instance._meta.concrete_fields if field.name in self.cleaned_data]
        self.instance.save_version(self.cleaned_data["version"], [name for name in names if name != "version"])
        return self.instance
