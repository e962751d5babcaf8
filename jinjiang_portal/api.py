"""What API resources are made of: strict input, and lists that start from the user's scope."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import mixins, serializers, viewsets


class _Strict:
    """Refuses what the resource does not take, instead of dropping it silently (SECURITY 3)."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            fields = self.fields  # type: ignore[attr-defined]
            errors = {
                name: [_("There is no field “%(name)s” here.") % {"name": name}]
                if name not in fields
                else [_("The field “%(name)s” cannot be set.") % {"name": name}]
                for name in data
                if name not in fields or fields[name].read_only
            }
            if errors:
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)  # type: ignore[misc]


class StrictSerializer(_Strict, serializers.Serializer):
    """A serializer that refuses unknown and read-only fields with 400."""


class StrictModelSerializer(_Strict, serializers.ModelSerializer):
    """A model serializer that refuses unknown and read-only fields with 400."""


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """List and detail of `model`, from `visible_to(user)`; `action_name` is the action of the role table it needs."""

    action_name: str
    write_action_name: str | None = None
    model: Any
    ordering = "-id"

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()
        return self.refine(self.model.objects.visible_to(self.request.user))

    def refine(self, rows: Any) -> Any:
        """What the resource needs beyond the scope: joins, a narrower question."""
        return rows
