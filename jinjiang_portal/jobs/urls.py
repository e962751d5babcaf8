"""Addresses of background work."""

from django.urls import path

from jinjiang_portal.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.JobListView.as_view(), name="list"),
    path("<uuid:pk>/", views.JobDetailView.as_view(), name="detail"),
    path("<uuid:pk>/state/", views.JobStateView.as_view(), name="state"),
]
