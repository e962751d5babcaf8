"""The whole URL table."""

from django.urls import include, path

from jinjiang_portal import home
from jinjiang_portal.accounts.admin import portal_admin
from jinjiang_portal.styleguide import StyleguideView

urlpatterns = [
    path("", home.HomeView.as_view(), name="home"),
    path("more/", home.MoreView.as_view(), name="more"),
    path("search/", home.SearchView.as_view(), name="search"),
    path("health/", include("jinjiang_portal.health")),
    path("", include("jinjiang_portal.accounts.urls")),
    path("jobs/", include("jinjiang_portal.jobs.urls")),
    path("files/", include("jinjiang_portal.files.urls")),
    path("audit/", include("jinjiang_portal.audit.urls")),
    path("", include("stations.urls")),
    path("", include("staffing.urls")),
    path("", include("casework.urls")),
    path("", include("budget.urls")),
    path("", include("reports.urls")),
    path("api/", include("jinjiang_portal.api_urls")),
    path("styleguide/", StyleguideView.as_view(), name="styleguide"),
    path("admin/", portal_admin.urls),
]

handler400 = "jinjiang_portal.health.bad_request"
handler403 = "jinjiang_portal.health.forbidden"
handler404 = "jinjiang_portal.health.not_found"
handler500 = "jinjiang_portal.health.server_error"
