"""Choices that filter bars of all apps offer: stations and contracts within the user's scope."""

from typing import Any

from django.db.models import QuerySet

from stations.models import Contract, Station


def stations_of(request: Any) -> QuerySet[Station]:
    """Stations the user may see; none while there is no request (a filter that is only described)."""
    if request is None:
        return Station.objects.none()
    return Station.objects.visible_to(request.user).select_related("township")


def contracts_of(request: Any) -> QuerySet[Contract]:
    """Contracts the user may see; none while there is no request."""
    if request is None:
        return Contract.objects.none()
    return Contract.objects.visible_to(request.user).select_related("contractor")
