"""Addresses of stations, contracts and the programme year."""

from django.urls import path

from stations import views

app_name = "stations"
urlpatterns = [
    path("stations/", views.StationListView.as_view(), name="station-list"),
    path("stations/<int:pk>/", views.StationDetailView.as_view(), name="station-detail"),
    path("stations/<int:pk>/edit/", views.StationUpdateView.as_view(), name="station-update"),
    path("contracts/", views.ContractListView.as_view(), name="contract-list"),
    path("contracts/<uuid:pk>/", views.ContractDetailView.as_view(), name="contract-detail"),
    path("programme/", views.ProgrammeView.as_view(), name="programme"),
]
