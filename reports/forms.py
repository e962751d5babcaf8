"""Forms of the report pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jinjiang_portal.forms import PortalForm

LONGEST_TEXT = 20_000  # characters


class SectionForm(PortalForm):
    """The text of a section and the version it was written on."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 20}),
        help_text=_("A line that begins with （一） becomes a heading. 【服务人次】 is replaced by the figure."),
    )


class DecisionForm(PortalForm):
    """The bureau's decision on a report."""

    ACCEPT, RETURN = "accept", "return"

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[(ACCEPT, _("Accept the report")), (RETURN, _("Return it to be mended"))],
        widget=forms.RadioSelect,
    )
    remarks = forms.CharField(
        label=_("Remarks of the bureau"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Needed for a return: what is to be mended, by which day."),
    )
