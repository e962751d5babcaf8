"""My own page: data and settings, password, sessions."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, UpdateView

from jinjiang_portal import access
from jinjiang_portal.accounts import sessions
from jinjiang_portal.accounts.forms import ChangePasswordForm, PreferencesForm
from jinjiang_portal.accounts.models import User
from jinjiang_portal.accounts.views.signing import keep_language, safe_next


class MeView(access.SignedIn, UpdateView):
    """Own data (read-only: the system administrator keeps it) and own settings."""

    template_name = "accounts/me.html"
    form_class = PreferencesForm

    def get_object(self, queryset: Any = None) -> User:
        # A fresh row: a form with errors must not change the user the page is rendered for.
        return User.objects.get(pk=self.request.user.pk)

    def form_valid(self, form: PreferencesForm) -> HttpResponse:
        user = form.save()
        translation.activate(user.language)
        messages.success(self.request, _("Your settings are saved."))
        answer = HttpResponseRedirect(reverse("me"))
        keep_language(self.request, answer, user.language)
        return answer


class PasswordChangeView(access.SignedIn, auth_views.PasswordChangeView):
    """Choose a new password. The session gets a new key and every other session of the account ends."""

    template_name = "accounts/password_change.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("me")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs |= {"next": safe_next(self.request, default=""), "first": self.request.user.must_change_password}
        return super().get_context_data(**kwargs)

    def form_valid(self, form: ChangePasswordForm) -> HttpResponse:
        before = self.request.session.session_key
        super().form_valid(form)
        sessions.rekey(self.request, before)
        sessions.end_others(self.request)
        messages.success(self.request, _("Your password is changed. Other sessions of your account were ended."))
        return HttpResponseRedirect(safe_next(self.request, default=str(self.success_url)))


class SessionsView(access.SignedIn, TemplateView):
    """Where the account is signed in; end one session, or all others."""

    template_name = "accounts/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(sessions.alive(self.request.user))
        for row in rows:
            row.is_this = row.session_key == self.request.session.session_key
        return super().get_context_data(sessions=rows, others=len(rows) - 1, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        which = request.POST.get("end", "")
        if which == "others":
            sessions.end_others(request)
            messages.success(request, _("All other sessions are ended."))
        elif which.isdecimal():
            sessions.end(sessions.alive(request.user).filter(pk=int(which)))
            messages.success(request, _("The session is ended."))
        return HttpResponseRedirect(reverse("me-sessions"))
