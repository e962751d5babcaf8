"""What day it is for the portal.

Domain code asks here, never the system clock: in demo mode the portal stands on one calendar day of the demo year, and
tests set the day they need. Days are local dates in Asia/Shanghai, instants aware UTC.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The local day the portal stands on."""
    return settings.DEMO_DATE or timezone.localdate()


def now() -> datetime:
    """The instant now; in demo mode the time of day is real and the day is the demo day."""
    real = timezone.now()
    if settings.DEMO_DATE is None:
        return real
    return real + timedelta(days=(settings.DEMO_DATE - timezone.localdate(real)).days)
