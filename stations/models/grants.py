"""Object permissions on Station and Contract with dates (django-guardian, direct foreign keys).

A grant of `view_…` says where a person may look, of `change_…` where a person may work, from–to inclusive; an open end
is null. They are asked with dates through `stations.querysets`, never by `has_perm`, which knows no dates.
"""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase


class Dated(models.Model):
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        abstract = True


class StationUserGrant(UserObjectPermissionBase, Dated):
    content_object = models.ForeignKey("stations.Station", on_delete=models.CASCADE, related_name="user_grants")

    class Meta:
        # One contractor may win the same station year after year: one row a period.
        unique_together = [["user", "permission", "content_object", "starts_on"]]


class StationGroupGrant(GroupObjectPermissionBase, Dated):
    content_object = models.ForeignKey("stations.Station", on_delete=models.CASCADE, related_name="group_grants")

    class Meta:
        # One contractor may win the same station year after year: one row a period.
        unique_together = [["group", "permission", "content_object", "starts_on"]]


class ContractUserGrant(UserObjectPermissionBase, Dated):
    content_object = models.ForeignKey("stations.Contract", on_delete=models.CASCADE, related_name="user_grants")

    class Meta:
        # One contractor may win the same station year after year: one row a period.
        unique_together = [["user", "permission", "content_object", "starts_on"]]


class ContractGroupGrant(GroupObjectPermissionBase, Dated):
    content_object = models.ForeignKey("stations.Contract", on_delete=models.CASCADE, related_name="group_grants")

    class Meta:
        # One contractor may win the same station year after year: one row a period.
        unique_together = [["group", "permission", "content_object", "starts_on"]]
