"""Form fields and base forms of the portal: dates and money as people type them, errors as a list for the summary."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jinjiang_portal.money import yuan

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
TOO_MUCH = Decimal(10) ** 13
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_HOURS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:小时|h|hours?)(?:\s*(\d+)\s*(?:分钟?|min)?)?", re.IGNORECASE)
_MINUTES = re.compile(r"(\d+)\s*(?:分钟?|min(?:utes)?)?", re.IGNORECASE)


def parse_date(text: str) -> date | None:
    """2024-6-3, 2024/6/3, 2024.6.3, 2024年6月3日 or 20240603; None when it is no date of the calendar."""
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


class FlexibleDateField(forms.DateField):
    """A date in any of the ways people write one."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": _("“%(value)s” is not a date of the calendar. Write it as 2024-06-03.")}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, str):
            found = parse_date(value)
            if found is None:
                raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value[:40]})
            return found
        return super().to_python(value)


class MoneyField(forms.DecimalField):
    """Yuan with at most two places; thousands separators and ￥ are accepted."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "input num"})
    default_error_messages = {
        "invalid": _("“%(value)s” is not an amount. Write yuan with at most two places, such as 1234.50."),
        "max_decimal_places": _("An amount has at most two decimal places."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        super().__init__(decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        text = re.sub(r"[,，\s￥¥元]", "", unicodedata.normalize("NFKC", str(value)))
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": str(value)[:40]}
            ) from None
        if not number.is_finite() or abs(number) >= TOO_MUCH:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": str(value)[:40]})
        # More places than two are left for the validator to name; otherwise 5 becomes 5.00.
        exponent = number.as_tuple().exponent
        return yuan(number) if isinstance(exponent, int) and exponent >= -2 else number


class MinutesField(forms.IntegerField):
    """A length in minutes: 90, 90分钟, 1.5小时, 1小时30分 or 1:30."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "input num"})
    default_error_messages = {"invalid": _("“%(value)s” is not a length. Write minutes, such as 90, or 1:30.")}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or isinstance(value, int):
            return super().to_python(value)
        text = unicodedata.normalize("NFKC", str(value)).strip()
        if match := _CLOCK.fullmatch(text):
            return int(match[1]) * 60 + int(match[2])
        if match := _HOURS.fullmatch(text):
            return round(float(match[1]) * 60) + int(match[2] or 0)
        if match := _MINUTES.fullmatch(text):
            return int(match[1])
        raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": text[:40]})


_NO_INPUT_CLASS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput)


class PortalFormMixin:
    """Gives widgets their class, marks what is wrong for screen readers, and lists errors for the summary."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            widget = field.widget
            if not isinstance(widget, _NO_INPUT_CLASS):
                widget.attrs.setdefault("class", "input")

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        """(element id, label, message) of every error, form-wide ones with an empty id."""
        listed = []
        for name, messages in self.errors.items():  # type: ignore[attr-defined]
            if name == "__all__":
                listed += [("", "", str(message)) for message in messages]
                continue
            bound = self[name]  # type: ignore[index]
            listed += [(bound.id_for_label or bound.auto_id, str(bound.label), str(message)) for message in messages]
        return listed


class PortalForm(PortalFormMixin, forms.Form):
    """A form of the portal."""


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    """A model form of the portal. Set `formfield_callback = field_for` in its Meta for freely typed dates."""


def field_for(db_field: Any, **kwargs: Any) -> forms.Field | None:
    """formfield_callback of model forms: the portal's own date field for date columns."""
    if db_field.get_internal_type() == "DateField":
        return db_field.formfield(form_class=FlexibleDateField, **kwargs)
    return db_field.formfield(**kwargs)
