"""Addresses of contract money."""

from django.urls import path

from budget import views

app_name = "budget"
urlpatterns = [
    path("budget/", views.BudgetView.as_view(), name="execution"),
    path("vouchers/", views.VoucherListView.as_view(), name="voucher-list"),
    path("vouchers/new/", views.VoucherEditView.as_view(), name="voucher-create"),
    path("vouchers/<uuid:pk>/", views.VoucherDetailView.as_view(), name="voucher-detail"),
    path("vouchers/<uuid:pk>/edit/", views.VoucherEditView.as_view(), name="voucher-update"),
    path("vouchers/<uuid:pk>/decide/", views.VoucherDecideView.as_view(), name="voucher-decide"),
]
