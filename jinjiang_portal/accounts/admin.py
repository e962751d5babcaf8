"""Django's own administration pages: for the system administrator only, accounts and no case data."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import access
from jinjiang_portal.accounts.models import User


class PortalAdminSite(admin.AdminSite):
    """Shows only what is registered here, to who may `system.admin`; signing in goes through the portal's own page."""

    site_header = site_title = _("System administration")
    index_title = _("Accounts")

    def has_permission(self, request: HttpRequest) -> bool:
        return access.may(request.user, "system.admin")

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied(_("Only system administrators work here."))
        return redirect_to_login(request.GET.get("next") or request.get_full_path())

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("password-change")


portal_admin = PortalAdminSite(name="admin")


@admin.register(User, site=portal_admin)
class UserAdmin(admin.ModelAdmin):
    """Look at accounts and correct their data. Making, resetting and switching off has its pages in the portal."""

    list_display = ["username", "full_name", "role", "organisation", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "full_name", "organisation"]
    fields = ["username", "full_name", "role", "organisation", "expires_on", "last_login", "date_joined"]
    readonly_fields = ["username", "role", "last_login", "date_joined"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may(request.user, "system.admin")

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return access.may(request.user, "system.admin")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return access.may(request.user, "system.admin")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False
