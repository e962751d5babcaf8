"""Screens of accounts, one module per family."""

from jinjiang_portal.accounts.views.signing import locked_out

__all__ = ["locked_out"]  # named in settings.AXES_LOCKOUT_CALLABLE
