"""Forms of the daily log."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jinjiang_portal.forms import MinutesField, PortalForm, PortalModelForm
from staffing.models import LogLine, NonServiceKind, WorkLog
from stations.models import Programme

MINUTES_AT_LEAST, MINUTES_AT_MOST = 5, 960


class LineForm(PortalModelForm):
    """A piece of the day that is not a service."""

    # Made by the page, so that a repeated send of the same form is one line.
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Kind of work"), choices=NonServiceKind.choices)
    minutes = MinutesField(
        label=_("Minutes"), min_value=MINUTES_AT_LEAST, max_value=MINUTES_AT_MOST, help_text=_("90, or 1:30")
    )
    text = forms.CharField(label=_("What was done"), max_length=300)

    class Meta:
        model = LogLine
        fields = ["kind", "starts_at", "minutes", "text"]
        widgets = {"starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


class DayForm(PortalForm):
    """Reflections and tomorrow's plan, with the version of the log that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reflection = forms.CharField(
        label=_("Reflections"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    plan = forms.CharField(
        label=_("Plan for tomorrow"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def compare(self, stored: WorkLog) -> None:
        """After a stale save: `theirs` lists both versions; a deliberate second save goes through."""
        self.theirs = [
            (str(self.fields[name].label), getattr(stored, name), self.cleaned_data[name])
            for name in ("reflection", "plan")
            if getattr(stored, name) != self.cleaned_data[name]
        ]
        self.data = self.data.copy()
        self.data["version"] = stored.version


class ReturnForm(PortalForm):
    """Why a log goes back: a reason of the year's list, and words."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Tell the author what to change"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = list(programme.return_reasons.all())
        self.needs_text = {reason.code for reason in reasons if reason.needs_text}
        self.fields["reason"].choices = [(reason.code, reason.name) for reason in reasons]  # type: ignore[attr-defined]
        self.fields["reason"].error_messages["required"] = _("Choose why the log goes back.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reason") in self.needs_text and not data.get("text", "").strip():
            self.add_error("text", _("Say in words what is to be changed."))
        return data


class RevealForm(PortalForm):
    """Why somebody's numbers are shown in full."""

    reason = forms.CharField(
        label=_("Why do you need the full numbers?"), min_length=4, max_length=200,
        help_text=_("The reason, your name and the time are written to the audit trail."),
    )  # fmt: skip
