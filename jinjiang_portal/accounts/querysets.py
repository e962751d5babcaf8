"""Named questions about accounts."""

from datetime import date
from typing import Any

from django.db.models import Q

from jinjiang_portal.accounts.models import User

ACTIVE, OFF, EXPIRED, WAITING = "active", "off", "expired", "waiting"


def accounts(today: date, *, q: str = "", role: str = "", state: str = "") -> Any:
    """Accounts by user name, narrowed by words, role and state as of `today`."""
    found = User.objects.order_by("username")
    if q:
        found = found.filter(Q(username__icontains=q) | Q(full_name__icontains=q) | Q(organisation__icontains=q))
    if role:
        found = found.filter(role=role)
    over = Q(expires_on__lt=today)
    states = {
        ACTIVE: Q(is_active=True) & ~over,
        OFF: Q(is_active=False),
        EXPIRED: Q(is_active=True) & over,
        WAITING: Q(is_active=True, last_login=None) & ~over,
    }
    return found.filter(states[state]) if state in states else found
