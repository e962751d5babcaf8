"""Forms of stations."""

from django.utils.translation import gettext_lazy as _

from jinjiang_portal.forms import PortalModelForm
from jinjiang_portal.identity import check_phone
from stations.models import Station


class StationForm(PortalModelForm):
    """What the township keeps up to date about its station."""

    class Meta:
        model = Station
        fields = ["address", "phone", "opening_hours"]
        help_texts = {"opening_hours": _("For example: Monday to Friday 8:00–12:00, 14:30–17:30")}

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"])
        return check_phone(typed) if typed else ""
