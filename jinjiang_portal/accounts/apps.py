from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "jinjiang_portal.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from jinjiang_portal import registry
        from jinjiang_portal.accounts import sessions

        sessions.hook()
        registry.add_menu(
            registry.MenuItem(
                group=_("System"), title=_("Accounts"), url_name="account-list", action="account.view", order=910
            )
        )
