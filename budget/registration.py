"""What this app hands up to the frame: menu, to-dos, audit, who may read a voucher's papers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from budget.models import BudgetLine, Voucher
from jinjiang_portal import access
from jinjiang_portal.audit import records as audit
from jinjiang_portal.files.owners import register_owner
from jinjiang_portal.registry import MenuItem, Todo, add_menu, add_todo


def waiting(user: Any) -> int:
    """Vouchers that wait for this user's approval."""
    if not access.may(user, "voucher.approve"):
        return 0
    return Voucher.objects.open_to(user).filter(state="prepared").exclude(prepared_by=user).count()


def todos(user: Any, today: date) -> Iterable[Todo]:
    """Vouchers to approve, and one's own that came back."""
    if access.may(user, "voucher.approve"):
        address = reverse("budget:voucher-list") + "?state=prepared"
        yield Todo(
            waiting(user), gettext("Approve vouchers"), gettext("Only approved vouchers count as spent."), address
        )
    if access.may(user, "voucher.write"):
        back = Voucher.objects.visible_to(user).filter(state="returned", prepared_by=user).count()
        address = reverse("budget:voucher-list") + "?state=returned"
        yield Todo(back, gettext("Correct returned vouchers"), gettext("The manager gave them back."), address)


def may_read_paper(user: Any, stored: Any) -> bool:
    """Whoever sees the voucher sees its papers."""
    if not access.may(user, "voucher.view"):
        return False
    return Voucher.objects.visible_to(user).filter(files__stored=stored).exists()


add_menu(
    MenuItem(_("Money"), _("Budget execution"), "budget:execution", "budget.view", 500, icon="money"),
    MenuItem(_("Money"), _("Vouchers"), "budget:voucher-list", "voucher.view", 510, icon="list", count=waiting),
)
add_todo(todos)
register_owner("voucher_file", may_read_paper)
audit.register(Voucher)
audit.register(BudgetLine)
