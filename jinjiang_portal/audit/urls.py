"""Addresses of the audit trail."""

from django.urls import path

from jinjiang_portal.audit.views import TrailView

app_name = "audit"
urlpatterns = [path("", TrailView.as_view(), name="list")]
