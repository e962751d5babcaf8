"""Addresses of the reports."""

from django.urls import path

from reports import city, views

app_name = "reports"
urlpatterns = [
    path("overview/", city.OverviewView.as_view(), name="overview"),
    path("reports/", views.ReportListView.as_view(), name="report-list"),
    path("reports/<uuid:pk>/", views.ReportDetailView.as_view(), name="report-detail"),
    path("reports/<uuid:pk>/figures/", views.FiguresView.as_view(), name="figures"),
    path("reports/<uuid:pk>/sections/<slug:key>/", views.SectionEditView.as_view(), name="section-edit"),
    path("reports/<uuid:pk>/build/", views.BuildView.as_view(), name="build"),
    path("reports/<uuid:pk>/build/status/", views.BuildStatusView.as_view(), name="build-status"),
    path("reports/<uuid:pk>/submit/", views.SubmitView.as_view(), name="submit"),
    path("reports/<uuid:pk>/decide/", views.DecideView.as_view(), name="decide"),
]
