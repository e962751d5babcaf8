"""Addresses of accounts, included at the root."""

from django.urls import path

from jinjiang_portal.accounts.views import accounts, me, notices, second_factor, signing

urlpatterns = [
    path("sign-in/", signing.SignInView.as_view(), name="sign-in"),
    path("sign-out/", signing.SignOutView.as_view(), name="sign-out"),
    path("language/", signing.SetLanguageView.as_view(), name="set-language"),
    path("ping/", signing.PingView.as_view(), name="ping"),
    path("sign-in/code/", second_factor.TotpVerifyView.as_view(), name="totp-verify"),
    path("me/", me.MeView.as_view(), name="me"),
    path("me/password/", me.PasswordChangeView.as_view(), name="password-change"),
    path("me/sessions/", me.SessionsView.as_view(), name="me-sessions"),
    path("me/second-factor/", second_factor.TotpSetupView.as_view(), name="totp-setup"),
    path("me/second-factor/off/", second_factor.TotpDisableView.as_view(), name="totp-disable"),
    path("messages/", notices.NoticeListView.as_view(), name="messages"),
    path("messages/read/", notices.NoticeReadAllView.as_view(), name="message-read-all"),
    path("messages/<uuid:pk>/", notices.NoticeOpenView.as_view(), name="message-open"),
    path("settings/accounts/", accounts.AccountListView.as_view(), name="account-list"),
    path("settings/accounts/new/", accounts.AccountCreateView.as_view(), name="account-create"),
    path("settings/accounts/<int:pk>/", accounts.AccountDetailView.as_view(), name="account-detail"),
    path("settings/accounts/<int:pk>/reset/", accounts.AccountResetView.as_view(), name="account-reset"),
    path("settings/accounts/<int:pk>/active/", accounts.AccountDeactivateView.as_view(), name="account-deactivate"),
]
