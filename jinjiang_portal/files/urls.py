"""Addresses of files."""

from django.urls import path

from jinjiang_portal.files.views import DownloadView

app_name = "files"
urlpatterns = [path("<uuid:pk>/", DownloadView.as_view(), name="download")]
