"""The seals of the audit trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import clock


class Seal(models.Model):
    """A batch of entries with the digest of each, chained to the seal before. Written once, never changed."""

    number = models.PositiveIntegerField(unique=True)
    # [[entry id, SHA-256 of the entry], …]: an entry that commits late with a lower id falls into a later seal.
    entries = models.JSONField()
    last_id = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("seal of the audit trail")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"
