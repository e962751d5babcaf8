"""Tags and filters of every template: how the portal writes money, time, days, states and names.

The library is a builtin of the template engine, so no page loads it. A missing value (None or "") is written as a dash.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jinjiang_portal import clock
from jinjiang_portal.identity import mask_name

register = template.Library()

NOTHING = "—"
HOUR = 60  # minutes
TONES = {"wait", "ok", "bad", "run", "grey"}
STATE_TONES = {
    "submitted": "wait",
    "prepared": "wait",
    "pending": "wait",
    "open": "wait",
    "waiting": "wait",
    "queued": "wait",
    "returned": "bad",
    "failed": "bad",
    "overdue": "bad",
    "terminated": "bad",
    "rejected": "bad",
    "approved": "ok",
    "accepted": "ok",
    "done": "ok",
    "active": "ok",
    "green": "ok",
    "yellow": "wait",
    "red": "bad",
    "running": "run",
    "correction": "run",
}
# Weekdays and domain marks are signs of one character in Chinese, not words to be translated.
WEEKDAYS = {
    "zh": ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
DOMAINS = {
    "relief": (1, "救", "R"),
    "elderly": (2, "老", "E"),
    "children": (3, "童", "C"),
    "governance": (4, "治", "G"),
    "other": (5, "其", "O"),
}
# Outlines on a 22 × 22 grid, drawn with the colour of the text.
ICONS = {
    "home": '<path d="M3 10.5L11 4l8 6.5V19H13v-5H9v5H3z"/>',
    "station": '<path d="M11 19s6-5.4 6-9.8a6 6 0 00-12 0C5 13.6 11 19 11 19z"/><circle cx="11" cy="9" r="2.2"/>',
    "money": '<circle cx="11" cy="11" r="7.5"/><path d="M7.8 7l3.2 4.4L14.2 7M11 11.4V16M8 12h6M8 14.2h6"/>',
    "doc": '<path d="M5 3h8l4 4v12H5zM13 3v4h4M8 11h6M8 14.5h6"/>',
    "more": '<circle cx="5" cy="11" r="1.4"/><circle cx="11" cy="11" r="1.4"/><circle cx="17" cy="11" r="1.4"/>',
    "people": '<circle cx="8.5" cy="7.5" r="3"/><path d="M2.5 18c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5M14.5'
    ' 5a3 3 0 010 5.5M16.5 13c2 .7 3.2 2.5 3.2 5"/>',
    "person": '<circle cx="11" cy="7.5" r="3.5"/><path d="M4 19c0-4 3-6.5 7-6.5s7 2.5 7 6.5"/>',
    "review": '<path d="M4 18h14M5 15h12v-2.5c0-1-.6-1.5-1.6-1.5H13c-.6 0-.9-.4-.8-1l.6-3.4A1.9 1.9 0'
    ' 0011 4.4a1.9 1.9 0 00-1.8 2.2l.6 3.4c.1.6-.2 1-.8 1H6.6c-1 0-1.6.5-1.6 1.5z"/>',
    "search": '<circle cx="9.5" cy="9.5" r="5.5"/><path d="M14 14l4.5 4.5"/>',
    "bell": '<path d="M5 15.5h12c-1.2-1.3-1.5-2.6-1.5-5.5a4.5 4.5 0 00-9 0c0 2.9-.3 4.2-1.5 5.5zM9.2'
    ' 18a2 2 0 003.6 0"/>',
    "download": '<path d="M11 4v10M7 10.5l4 4 4-4M4.5 18h13"/>',
    "plus": '<path d="M11 4.5v13M4.5 11h13"/>',
    "check": '<path d="M4.5 11.5l4.5 4.5 8.5-9.5"/>',
    "warn": '<path d="M11 4l8 14H3zM11 9v4.5M11 16v.1"/>',
    "bad": '<circle cx="11" cy="11" r="7.5"/><path d="M11 7v5M11 14.8v.1"/>',
    "info": '<circle cx="11" cy="11" r="7.5"/><path d="M11 10.5V15M11 7.2v.1"/>',
    "close": '<path d="M5.5 5.5l11 11M16.5 5.5l-11 11"/>',
    "calendar": '<path d="M4 5.5h14V18H4zM4 9.5h14M8 3.5v4M14 3.5v4"/>',
    "camera": '<path d="M3.5 7h4l1.5-2h4l1.5 2h4v10.5h-15z"/><circle cx="11" cy="12" r="3"/>',
    "print": '<path d="M6.5 8V4h9v4M6.5 15H4V8h14v7h-2.5M6.5 12.5h9V18h-9z"/>',
    "lock": '<path d="M5.5 10h11v8h-11zM8 10V7.5a3 3 0 016 0V10"/>',
    "settings": '<path d="M4 7h8M16 7h2M4 15h2M10 15h8"/><circle cx="14" cy="7" r="2"/><circle cx="8" cy="15" r="2"/>',
    "globe": '<circle cx="11" cy="11" r="7.5"/><path d="M3.5 11h15M11 3.5c5 4.5 5 10.5 0 15M11 3.5c-5'
    ' 4.5-5 10.5 0 15"/>',
    "chart": '<path d="M4 18h14M6.5 15v-4M11 15V6M15.5 15V9"/>',
    "list": '<path d="M8 6h10M8 11h10M8 16h10M4 6h.1M4 11h.1M4 16h.1"/>',
    "edit": '<path d="M4.5 17.5l.8-3.8L14.5 4.5l3 3-9.2 9.2zM12.5 6.5l3 3"/>',
    "phone": '<path d="M7 4l2.5 4-2 2c.8 2 2.5 3.7 4.5 4.5l2-2 4 2.5v2.5c0 .8-.7 1.2-1.5 1C9.5 17.8 4.2'
    ' 12.5 3.5 5.5c-.2-.8.2-1.5 1-1.5z"/>',
    "flag": '<path d="M6 19V4M6 5h10l-2 3.5 2 3.5H6"/>',
    "exit": '<path d="M9 4H4.5v14H9M9.5 11h9M15 7.5l3.5 3.5-3.5 3.5"/>',
}
ICON_ALIASES = {
    "stations": "station",
    "clients": "people",
    "client": "person",
    "staff": "people",
    "budget": "money",
    "report": "doc",
    "reports": "doc",
    "log": "edit",
    "logs": "list",
    "case": "doc",
    "ok": "check",
    "message": "bell",
}


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


@register.simple_tag
def tag(tone: str, text: Any) -> str:
    """A state word on a pale ground. Tones: wait, ok, bad, run; everything else is grey."""
    name = tone if tone in TONES else "grey"
    return format_html('<span class="tag tag--{}">{}</span>', name, text)


@register.simple_tag
def state_tag(state: str, text: Any) -> str:
    """The tag of a state: the tone follows from the state's code, the word is given."""
    return tag(STATE_TONES.get(str(state), "grey"), text)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An outline that says nothing to a screen reader: the text beside it does. An unknown name gives a document."""
    shape = ICONS.get(ICON_ALIASES.get(name, name), ICONS["doc"])
    return mark_safe(
        '<svg class="icon" viewBox="0 0 22 22" fill="none" stroke="currentColor" stroke-width="1.6" '
        f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{shape}</svg>'
    )


@register.simple_tag
def domain_mark(domain: str) -> str:
    """The square sign of a service domain: a colour and a character, with the domain's name for everyone."""
    names = {
        "relief": _("Social assistance"),
        "elderly": _("Elderly care"),
        "children": _("Children"),
        "governance": _("Community governance"),
    }
    number, chinese, english = DOMAINS.get(str(domain), DOMAINS["other"])
    name = names.get(str(domain), _("Other services"))
    sign = chinese if _is_chinese() else english
    return format_html(
        '<span class="dom dom--{}" title="{}"><span class="vh">{}</span><span aria-hidden="true">{}</span></span>',
        number,
        name,
        name,
        sign,
    )


@register.filter
def yuan(value: Any) -> str:
    """Money in yuan with two places and separators: 1,234.50."""
    if value is None or value == "":
        return NOTHING
    return f"{Decimal(str(value)).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


@register.filter
def thousands(value: Any) -> str:
    """A number with separators, its places as they are: 12,345."""
    if value is None or value == "":
        return NOTHING
    return f"{Decimal(str(value)):,}"


@register.filter
def minutes(value: Any) -> str:
    """Minutes in words: 1 h 30 min."""
    if value is None or value == "":
        return NOTHING
    hours_part, minutes_part = divmod(int(value), HOUR)
    parts = {"hours": hours_part, "minutes": minutes_part}
    if not hours_part:
        return _("%(minutes)s min") % parts
    return (_("%(hours)s h %(minutes)s min") if minutes_part else _("%(hours)s h")) % parts


@register.filter
def hours(value: Any) -> str:
    """Minutes as hours with one place, without the unit: 90 → 1.5."""
    if value is None or value == "":
        return NOTHING
    return f"{(Decimal(str(value)) / HOUR).quantize(Decimal('0.1'), ROUND_HALF_UP):,}"


@register.filter
def day(value: date | datetime | None) -> str:
    """A local day with its weekday: 2024-06-28 周五."""
    if not value:
        return NOTHING
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    names = WEEKDAYS["zh" if _is_chinese() else "en"]
    return f"{value:%Y-%m-%d} {names[value.weekday()]}"


@register.filter
def ago(value: datetime | None) -> str:
    """How long ago an instant was; from the day before yesterday on, the day and the time."""
    if not value:
        return NOTHING
    now = clock.now()
    passed = now - value
    local, here = timezone.localtime(value), timezone.localtime(now)
    if timedelta(0) <= passed < timedelta(minutes=1):
        return _("just now")
    if timedelta(0) <= passed < timedelta(hours=1):
        return _("%(minutes)s min ago") % {"minutes": passed.seconds // 60}
    if local.date() == here.date():
        return _("today %(time)s") % {"time": f"{local:%H:%M}"}
    if local.date() == here.date() - timedelta(days=1):
        return _("yesterday %(time)s") % {"time": f"{local:%H:%M}"}
    return f"{local:%Y-%m-%d %H:%M}"


@register.filter
def masked_name(value: str) -> str:
    """A person's name with the middle hidden: 王*英."""
    return mask_name(value) if value else NOTHING


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The page's query string with some values changed; None or "" removes one. A change of filter leaves the page."""
    request = getattr(context, "request", None) or context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@register.filter
def pages(page: Page) -> list[Any]:
    """Page numbers around the current one, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.filter
def error_rows(form: forms.BaseForm) -> list[tuple[str, str, str]]:
    """Every error of a form as (id of the control, label, sentence); errors of the whole form have no id."""
    if not form.is_bound:
        return []
    rows = [("", "", str(error)) for error in form.non_field_errors()]
    for field in form:
        rows += [(field.auto_id if not field.is_hidden else "", str(field.label), str(e)) for e in field.errors]
    return rows


@register.filter
def control_kind(field: BoundField) -> str:
    """How a field is laid out: "check" (one box), "group" (a fieldset of choices), "file" or "plain"."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.MultiWidget):
        return "group"
    return "file" if isinstance(widget, forms.FileInput) else "plain"


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget with the class of the portal's inputs; boxes and radio buttons keep their own look."""
    if control_kind(field) == "check" or isinstance(field.field.widget, forms.RadioSelect):
        return field.as_widget()
    given = field.field.widget.attrs.get("class", "")
    names = given if "input" in given.split() else f"{given} input".strip()
    return field.as_widget(attrs={"class": names})
