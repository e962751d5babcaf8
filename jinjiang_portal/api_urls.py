"""The API's addresses: every app's resources, the schema and its documentation. Composes; imported by urls.py alone."""

from typing import Any

from django.conf import settings
from django.urls import include, path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

import budget.api
import casework.api
import reports.api
import staffing.api
import stations.api
from jinjiang_portal.api_rules import SignedInPermission


class SessionScheme(OpenApiAuthenticationExtension):
    """How the schema describes signing in: the portal's own session cookie."""

    target_class = "jinjiang_portal.api_rules.SessionOrNothing"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class SchemaView(SpectacularAPIView):
    """OpenAPI 3 of the portal, for whoever has signed in."""

    permission_classes = [SignedInPermission]


class DocsView(SpectacularSwaggerSplitView):
    """Browsable documentation from the package's own files, without outside requests."""

    permission_classes = [SignedInPermission]
    url_name = "api-schema"
    template_name = "api/docs.html"


router = SimpleRouter()
for module in (stations.api, staffing.api, casework.api, budget.api, reports.api):
    module.routes(router)

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
    path("v1/", include((router.urls, "api"))),
]
