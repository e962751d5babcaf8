"""A file with its digest. Who may read it is the business of the row it belongs to (owners.OWNERS)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import clock
from jinjiang_portal.fields import UUID7Field


class StoredFile(models.Model):
    id = UUID7Field(primary_key=True)
    file = models.FileField(_("file"), upload_to="%Y/%m/", max_length=200)
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name
