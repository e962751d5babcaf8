"""The style guide: every component once, with invented data. For whoever keeps the pages, and for the tests."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from jinjiang_portal import access, clock
from jinjiang_portal.accounts.models import Language, UserSession
from jinjiang_portal.home import Figure
from jinjiang_portal.jobs.models import Job, JobState
from jinjiang_portal.templatetags.portal import ICONS

STATES = [
    ("draft", _("Draft")),
    ("submitted", _("To be reviewed")),
    ("approved", _("Approved")),
    ("returned", _("Returned")),
    ("running", _("Running")),
]
DOMAINS = ["relief", "elderly", "children", "governance", "other"]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("As written on the ID card."))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    amount = forms.DecimalField(label=_("Amount (yuan)"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    size = forms.ChoiceField(
        label=_("Type size"), choices=[("a", _("Standard")), ("b", _("Large type"))], widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("What was done"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    photo = forms.FileField(label=_("Photos"), required=False, widget=forms.FileInput(attrs={"data-photos": ""}))
    sure = forms.BooleanField(label=_("I have checked the figures"))


class SampleTable(tables.Table):
    """A list with money at the right, a state and a sum."""

    caption = _("Sample list")
    day = tables.Column(_("Day"))
    name = tables.Column(_("Name"))
    amount = tables.Column(
        _("Amount (yuan)"), attrs={"th": {"class": "r"}, "td": {"class": "r"}, "tf": {"class": "r"}}, footer="3,702.50"
    )
    state = tables.TemplateColumn(
        "{% state_tag record.state record.word %}", verbose_name=_("State"), orderable=False, footer=""
    )


class SampleFilter(django_filters.FilterSet):
    """A query bar with a text, a choice and a box."""

    agent = django_filters.CharFilter(label=_("Name"), lookup_expr="icontains")
    language = django_filters.ChoiceFilter(label=_("Language"), choices=Language.choices, method="keep")
    late = django_filters.BooleanFilter(label=_("Only late ones"), widget=forms.CheckboxInput, method="keep")

    class Meta:
        model = UserSession
        fields: list[str] = []

    def keep(self, rows: Any, name: str, value: Any) -> Any:
        return rows


def _rows() -> list[dict[str, Any]]:
    today = clock.today()
    names = ["王小英", "张建国", "欧阳文静", "林阿海", "陈美玲"]
    return [
        {
            "day": today - timedelta(days=number),
            "name": names[number],
            "amount": f"{Decimal(number) * 370:,.2f}",
            "state": state,
            "word": word,
        }
        for number, (state, word) in enumerate(STATES)
    ]


def _jobs() -> list[Job]:
    title = _("Mid-term report")
    return [
        Job(kind="sample", title=title, state=JobState.RUNNING, done=14, total=22),
        Job(kind="sample", title=title, state=JobState.DONE, done=22, total=22),
        Job(kind="sample", title=title, state=JobState.FAILED, done=3, total=22, error=str(_("The disk is full."))),
    ]


class StyleguideView(access.Guarded, TemplateView):
    """Every component with sample data; nothing on this page is stored."""

    action = "system.styleguide"
    template_name = "styleguide.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = clock.now()
        wrong = SampleForm({"name": "", "day": "2024-13-01", "language": "zh-hans"}, auto_id="bad_%s")
        wrong.is_valid()
        kwargs |= {
            "sample": SampleForm(),
            "wrong": wrong,
            "table": SampleTable(_rows()),
            "filter": SampleFilter(self.request.GET or None, queryset=UserSession.objects.none()),
            "page_obj": Paginator(range(655), 50).page(6),
            "figures": [
                Figure(
                    _("Staff with a certificate"),
                    "56.9%",
                    "29 / 51",
                    _("Two more until the goal of the year, 60%."),
                    "/",
                ),
                Figure(_("Posts filled"), "51", "/ 53", _("Two stations miss one person each.")),
            ],
            "jobs": _jobs(),
            "events": [
                {"at": now, "who": "林晓婷", "title": _("Submitted"), "text": ""},
                {
                    "at": now - timedelta(hours=3),
                    "who": "许雅玲",
                    "title": _("Returned"),
                    "text": _("The hours are wrong."),
                },
            ],
            "rows": [(_("Name"), "王*英"), (_("Amount (yuan)"), "1,234.50"), (_("Note"), None)],
            "states": STATES,
            "domains": DOMAINS,
            "icons": sorted(ICONS),
            "tones": ["info", "ok", "warn", "bad"],
        }
        return super().get_context_data(**kwargs)
