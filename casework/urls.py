"""Addresses of clients and service records."""

from django.urls import path

from casework.views import clients, records

app_name = "casework"
urlpatterns = [
    path("clients/", clients.ClientListView.as_view(), name="client-list"),
    path("clients/new/", clients.ClientEditView.as_view(), name="client-create"),
    path("clients/pick/", clients.ClientPickView.as_view(), name="client-pick"),
    path("clients/<uuid:pk>/", clients.ClientDetailView.as_view(), name="client-detail"),
    path("clients/<uuid:pk>/edit/", clients.ClientEditView.as_view(), name="client-update"),
    path("clients/<uuid:pk>/close/", clients.ClientArchiveView.as_view(), name="client-archive"),
    path("clients/<uuid:pk>/reveal/", clients.ClientRevealView.as_view(), name="client-reveal"),
    path("records/", records.RecordListView.as_view(), name="record-list"),
    path("records/new/", records.RecordEditView.as_view(), name="record-create"),
    path("records/<uuid:pk>/", records.RecordDetailView.as_view(), name="record-detail"),
    path("records/<uuid:pk>/edit/", records.RecordEditView.as_view(), name="record-update"),
    path("records/<uuid:pk>/remove/", records.RecordDeleteView.as_view(), name="record-delete"),
]
