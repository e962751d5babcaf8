"""Make an account from the command line: the first administrators of a new installation."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from jinjiang_portal.accounts import workflow
from jinjiang_portal.accounts.models import User
from jinjiang_portal.accounts.roles import Role


class Command(BaseCommand):
    help = "Make an account and print its one-time password, which must be changed at the first sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("full_name", help="the person's name as written")
        parser.add_argument("--role", choices=Role.values, default=Role.SYSTEM_ADMIN.value)
        parser.add_argument("--organisation", default="")
        parser.add_argument("--expires-on", type=date.fromisoformat, help="last day, e.g. 2024-12-31")

    def handle(self, *args: Any, **options: Any) -> None:
        values = {name: options[name] for name in ("username", "full_name", "role", "organisation", "expires_on")}
        try:
            User(**values, password="-").full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        account, password = workflow.create_account(**values)
        self.stdout.write(f"{account.username} ({account.get_role_display()})")
        self.stdout.write(f"One-time password, shown only now: {password}")
