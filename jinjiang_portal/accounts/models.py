"""User, the sessions a user has open, and the notices a user receives."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import clock
from jinjiang_portal.accounts.roles import Role
from jinjiang_portal.fields import UUID7Field
from jinjiang_portal.versioned import VersionedModel

__all__ = ["Density", "Language", "Notice", "Role", "User", "UserSession"]


class Language(models.TextChoices):
    CHINESE = "zh-hans", _("Simplified Chinese")
    ENGLISH = "en", _("English")


class Density(models.TextChoices):
    DEFAULT = "default", _("Standard")
    COMPACT = "compact", _("Compact")
    LARGE = "large", _("Large type")


class User(VersionedModel, AbstractUser):
    """An account. `full_name` is the person's name as written; Django's first and last name are not used."""

    full_name = models.CharField(_("name"), max_length=40)
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    organisation = models.CharField(_("organisation"), max_length=80, blank=True)
    must_change_password = models.BooleanField(_("must change password at next sign-in"), default=True)
    language = models.CharField(_("language"), max_length=8, choices=Language.choices, default=Language.CHINESE)
    density = models.CharField(_("density"), max_length=8, choices=Density.choices, default=Density.DEFAULT)
    shortcut_keys = models.BooleanField(_("single-key shortcuts on the review page"), default=True)
    expires_on = models.DateField(_("account ends on"), null=True, blank=True)

    REQUIRED_FIELDS = ["full_name", "role"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(name="user_role_known", condition=models.Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name or self.username


class UserSession(models.Model):
    """A session a user has open, so that the user can see and end it (SECURITY 5)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-seen_at"]


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        return self.filter(recipient_id=user.pk)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    """A personal notice: something happened that concerns the recipient. It carries no personal data of clients."""

    id = UUID7Field(primary_key=True)
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    # English source sentence with %(name)s places: shown in the reader's language.
    text = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    # Same key, same notice: a retried act never tells twice.
    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["recipient", "read_at"])]

    @property
    def sentence(self) -> str:
        from django.utils.translation import gettext

        return gettext(self.text) % self.values
