"""Forms of clients and service records."""

import json
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.models import Category, Client, DocumentKind, ServiceMode, ServiceRecord
from jinjiang_portal import clock, identity
from jinjiang_portal.forms import FlexibleDateField, MinutesField, MoneyField, PortalForm, PortalModelForm, field_for
from jinjiang_portal.versioned import StaleVersion
from stations.models import ServiceItem, ServiceTag, Station, Village

SHORTEST, LONGEST = 5, 960  # minutes
RECENT_DAYS = 400
# Typed instead of a number that is on file: take it away.
REMOVE = "-"
SECRET = {"id_number": identity.mask_id, "phone": identity.mask_phone, "guardian_phone": identity.mask_phone}


class ClientForm(PortalModelForm):
    """A client's page. The ID number fills date of birth and sex, and must agree with them when they are typed too."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    id_number = forms.CharField(label=_("ID number"), max_length=30, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    guardian_phone = forms.CharField(label=_("Guardian's phone"), max_length=30, required=False)
    address = forms.CharField(label=_("Address"), max_length=120, required=False)
    birth_date = FlexibleDateField(label=_("Date of birth"), required=False, help_text=_("Taken from the ID number."))
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=[])
    another = forms.BooleanField(
        label=_("Somebody of this name and date of birth is on file; this is another person"), required=False
    )
    categories = forms.MultipleChoiceField(
        label=_("Categories"), choices=Category.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Client
        fields = [
            "name", "document_kind", "id_number", "sex", "birth_date", "phone", "village", "address", "living",
            "guardian_name", "guardian_relation", "guardian_phone", "risk", "consent_on", "consent_how", "note",
        ]  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        labels = {"name": _("Name of the person")}
        help_texts = {
            "consent_on": _("Without consent no service can be recorded. Leave empty until it is given."),
            "consent_how": _("For example: signed form, by phone in the presence of a colleague."),
        }
        formfield_callback = field_for

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.station = station
        self.theirs: list[tuple[str, Any, Any]] = []
        villages = Village.objects.filter(township_id=station.township_id)
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]
        self.fields["sex"].choices = [  # type: ignore[attr-defined]
            ("", _("As on the ID card")),
            *Client._meta.get_field("sex").flatchoices,
        ]
        self.kept: dict[str, str] = {}
        if not self.instance._state.adding:
            self._hide_numbers()
            del self.fields["another"]

    def _hide_numbers(self) -> None:
        """Numbers on file are not put into the page: an empty field keeps them (SECURITY 6)."""
        for name, mask in SECRET.items():
            self.kept[name] = getattr(self.instance, name)
            self.initial[name] = ""
            if self.kept[name]:
                self.fields[name].help_text = _(
                    "On file: %(masked)s. Leave empty to keep it; a dash (-) takes it away."
                ) % {"masked": mask(self.kept[name])}

    def _typed_or_kept(self, name: str) -> str:
        typed = str(self.cleaned_data[name]).strip()
        if typed == REMOVE:
            return ""
        return typed or self.kept.get(name, "")

    def clean_id_number(self) -> str:
        return self._typed_or_kept("id_number")

    def clean_phone(self) -> str:
        number = self._typed_or_kept("phone")
        return identity.check_phone(number) if number else ""

    def clean_guardian_phone(self) -> str:
        number = self._typed_or_kept("guardian_phone")
        return identity.check_phone(number) if number else ""

    def clean_consent_on(self) -> date | None:
        day = self.cleaned_data["consent_on"]
        if day and day > clock.today():
            raise ValidationError(_("A consent cannot be given in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, typed = data.get("document_kind"), data.get("id_number", "")
        if kind == DocumentKind.ID_CARD and typed:
            try:
                self._agree(data, identity.check_id_number(typed, clock.today()))
            except ValidationError as error:
                self.add_error("id_number", error)
        elif kind == DocumentKind.ID_CARD:
            self.add_error("id_number", _("Type the ID number, or choose that there is no document yet."))
        elif kind == DocumentKind.NONE and typed:
            self.add_error("document_kind", _("A number was typed: choose which document it stands on."))
        if not self.errors:
            self._require(data)
        self._check_version(data)
        return data

    def _agree(self, data: dict[str, Any], found: identity.IdNumber) -> None:
        data["id_number"] = found.number
        for name, value, sentence in (
            ("birth_date", found.birth_date, _("The date of birth does not agree with the ID number.")),
            ("sex", found.sex, _("The sex does not agree with the ID number.")),
        ):
            if data.get(name) and data[name] != value:
                self.add_error(name, sentence)
            data[name] = value

    def _require(self, data: dict[str, Any]) -> None:
        for name, sentence in (
            ("birth_date", _("Type the date of birth; it cannot be taken from this document.")),
            ("sex", _("Choose the sex; it cannot be taken from this document.")),
        ):
            if not data.get(name):
                self.add_error(name, sentence)
        if data.get("birth_date") and data["birth_date"] > clock.today():
            self.add_error("birth_date", _("The date of birth lies in the future."))

    def _check_version(self, data: dict[str, Any]) -> None:
        if self.instance._state.adding:
            return
        stored = Client.objects.get(pk=self.instance.pk)
        if data.get("version") == stored.version:
            return
        for name in self._meta.fields or []:
            if name in data and getattr(stored, name) != data.get(name):
                mask = SECRET.get(name, lambda value: value)
                self.theirs.append((str(self.fields[name].label), mask(getattr(stored, name)), mask(data.get(name))))
        self.data = self.data.copy()
        self.data["version"] = stored.version
        raise StaleVersion(_("Somebody saved this page after you opened it. Compare both versions below."))


class ArchiveForm(PortalForm):
    because = forms.CharField(
        label=_("Why is the file closed?"),
        max_length=120,
        help_text=_("For example: moved away, died, no longer wishes."),
    )


class ClientRevealForm(PortalForm):
    """Why somebody's numbers are shown in full."""

    WHY = (
        ("visit", _("To call or visit the client")),
        ("form", _("To fill in an application with the client")),
        ("check", _("To check the file against the card")),
        ("other", _("Another reason")),
    )
    why = forms.ChoiceField(label=_("Why do you need the full numbers?"), choices=WHY, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In words"), max_length=200, required=False,
        help_text=_("The reason, your name and the time are written to the audit trail."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("why") == "other" and not data.get("words", "").strip():
            self.add_error("words", _("Say in words why you need them."))
        return data

    @property
    def reason(self) -> str:
        """What is written to the trail."""
        words = self.cleaned_data["words"].strip()
        return f"{self.cleaned_data['why']} {words}".strip()


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Photos and papers, any number at once."""

    widget = PhotosInput(attrs={"multiple": True, "accept": "image/*,.pdf,.docx,.xlsx", "data-photos": ""})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(one, initial) for one in given]


def answer_field(definition: dict[str, Any]) -> forms.Field:
    """The form field of a further field of an item, made from its definition."""
    language = "en" if get_language() == "en" else "zh"
    label, required = definition[f"label_{language}"], definition.get("required", False)
    kind = definition["kind"]
    choices = [(code, en if language == "en" else zh) for code, zh, en in definition.get("choices", [])]
    if kind == "choice":
        return forms.ChoiceField(label=label, required=required, choices=[("", "—"), *choices])
    if kind == "choices":
        return forms.MultipleChoiceField(
            label=label, required=required, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    makers: dict[str, Any] = {
        "integer": lambda: forms.IntegerField(label=label, required=required, min_value=0, max_value=100_000),
        "boolean": lambda: forms.BooleanField(label=label, required=False),
        "date": lambda: FlexibleDateField(label=label, required=required),
        "money": lambda: MoneyField(label=label, required=required, min_value=0),
        "text": lambda: forms.CharField(label=label, required=required, max_length=200),
    }
    return makers[kind]()


class RecordForm(PortalModelForm):
    """A service record of one item: short enough for a phone, further fields as the item's definition says."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    minutes = MinutesField(label=_("Minutes"), min_value=SHORTEST, max_value=LONGEST, help_text=_("90, or 1:30"))
    mode = forms.ChoiceField(label=_("Way of service"), choices=ServiceMode.choices)
    met = forms.BooleanField(label=_("The person was met"), required=False, initial=True)
    others_served = forms.IntegerField(
        label=_("Further people served, not on file"), min_value=0, max_value=5000, required=False, initial=0
    )
    tags = forms.ModelMultipleChoiceField(
        label=_("Linked programmes"), queryset=ServiceTag.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    photos = PhotosField(label=_("Photos and papers"), required=False)

    class Meta:
        model = ServiceRecord
        fields = [
            "day", "starts_at", "minutes", "mode", "village", "place", "others_served", "met", "process", "result",
            "follow_up_on",
        ]  # fmt: skip
        widgets = {
            "starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "process": forms.Textarea(attrs={"rows": 4}),
            "result": forms.Textarea(attrs={"rows": 2}),
        }
        formfield_callback = field_for

    def __init__(self, *args: Any, item: ServiceItem, station: Station, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.station = item, station
        self.theirs: list[tuple[str, Any, Any]] = []
        self.fields["village"].queryset = Village.objects.filter(township_id=station.township_id)  # type: ignore[attr-defined]
        self.fields["village"].required = False
        self.fields["tags"].queryset = ServiceTag.objects.filter(programme_id=item.programme_id)  # type: ignore[attr-defined]
        if not item.counts_as_visit:
            del self.fields["met"]
        self.answer_names = []
        for definition in item.fields:
            name = f"answer_{definition['name']}"
            self.fields[name] = answer_field(definition)
            widget = self.fields[name].widget
            if not isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                widget.attrs.setdefault("class", "input")
            self.fields[name].initial = (self.instance.answers or {}).get(definition["name"])
            self.answer_names.append(name)
        if item.needs_photo:
            self.fields["photos"].help_text = _("This item wants a photo.")

    # What the phone shows at once; everything else waits behind one tap.
    FIRST = ["day", "starts_at", "minutes", "mode", "met", "others_served", "process", "result", "follow_up_on"]

    def first_fields(self) -> list[Any]:
        """The fields everybody fills."""
        names = [name for name in self.FIRST if name in self.fields]
        if self.item.needs_client and "others_served" in names:
            names.remove("others_served")
        required = [name for name in self.answer_names if self.fields[name].required]
        return [self[name] for name in [*names, *required]]

    def more_fields(self) -> list[Any]:
        """The fields behind “further details”."""
        first = {field.name for field in self.first_fields()}
        return [field for field in self.visible_fields() if field.name not in first and field.name != "photos"]

    def more_has_errors(self) -> bool:
        return any(field.errors for field in self.more_fields())

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if day > clock.today():
            raise ValidationError(_("The day lies in the future. A record tells what has been done."))
        if (clock.today() - day).days > RECENT_DAYS:
            raise ValidationError(_("The day lies more than a year back."))
        return day

    def clean_others_served(self) -> int:
        return self.cleaned_data["others_served"] or 0

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("follow_up_on") and data.get("day") and data["follow_up_on"] < data["day"]:
            self.add_error("follow_up_on", _("The follow-up lies before the day of the service."))
        if not self.instance._state.adding:
            stored = ServiceRecord.objects.get(pk=self.instance.pk)
            if data.get("version") != stored.version:
                self.theirs = [
                    (str(self.fields[name].label), getattr(stored, name), data[name])
                    for name in self._meta.fields or []
                    if name in data and getattr(stored, name) != data[name]
                ]
                self.data = self.data.copy()
                self.data["version"] = stored.version
                raise StaleVersion(_("Somebody saved this page after you opened it. Compare both versions below."))
        return data

    def answers(self) -> dict[str, Any]:
        """The further fields as plain JSON, empty ones left out."""
        found = {name.removeprefix("answer_"): self.cleaned_data.get(name) for name in self.answer_names}
        return json.loads(
            json.dumps({name: value for name, value in found.items() if value not in (None, "", [])}, default=str)
        )
