"""Accounts as the bureau sees them and the system administrator keeps them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import CreateView, FormView, ListView, TemplateView, UpdateView
from django_otp.plugins.otp_totp.models import TOTPDevice

from jinjiang_portal import access, clock
from jinjiang_portal.accounts import querysets, sessions, workflow
from jinjiang_portal.accounts.forms import AccountChangeForm, AccountFilterForm, AccountForm, ResetForm
from jinjiang_portal.accounts.models import User


class AccountListView(access.Guarded, ListView):
    """All accounts, narrowed by words, role and state."""

    action = "account.view"
    template_name = "accounts/account_list.html"
    context_object_name = "accounts"
    paginate_by = 20

    def get_queryset(self) -> Any:
        self.filter_form = AccountFilterForm(self.request.GET or None)
        wanted = self.filter_form.cleaned_data if self.filter_form.is_valid() else {}
        return querysets.accounts(clock.today(), **wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs |= {"filter": {"form": self.filter_form}, "may_manage": access.may(self.request.user, "account.manage")}
        return super().get_context_data(**kwargs)


class AccountCreateView(access.Guarded, CreateView):
    """A new account; its one-time password is shown on the answer and nowhere again."""

    action = "account.manage"
    template_name = "accounts/account_create.html"
    form_class = AccountForm
    model = User

    def form_valid(self, form: AccountForm) -> HttpResponse:
        account, password = workflow.create_account(**form.cleaned_data)
        return show_password(self.request, account, password)


def show_password(request: HttpRequest, account: User, password: str) -> HttpResponse:
    """The page that shows a one-time password once; no cache may keep it."""
    context = {"account": account, "password": password}
    answer = render(request, "accounts/one_time_password.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


class AccountDetailView(access.Guarded, UpdateView):
    """One account: who, which role, until when; where it is signed in."""

    action = "account.view"
    write_action = "account.manage"
    template_name = "accounts/account_detail.html"
    form_class = AccountChangeForm
    context_object_name = "account"

    def get_object(self, queryset: Any = None) -> User:
        return get_object_or_404(User, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stored = self.get_object()
        kwargs |= {
            "account": stored,
            "may_manage": access.may(self.request.user, "account.manage"),
            "open_sessions": sessions.alive(stored).count(),
            "has_second_factor": TOTPDevice.objects.filter(user=stored, confirmed=True).exists(),
        }
        return super().get_context_data(**kwargs)

    def form_valid(self, form: AccountChangeForm) -> HttpResponse:
        try:
            account = workflow.change_account(form, by=self.request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("The account of %(name)s is saved.") % {"name": account})
        return HttpResponseRedirect(reverse("account-detail", args=[account.pk]))


class AccountResetView(access.Guarded, FormView):
    """Confirm, then a new one-time password; all sessions of the account end."""

    action = "account.manage"
    template_name = "accounts/account_reset.html"
    form_class = ResetForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(account=get_object_or_404(User, pk=self.kwargs["pk"]), **kwargs)

    def form_valid(self, form: ResetForm) -> HttpResponse:
        account = get_object_or_404(User, pk=self.kwargs["pk"])
        password = workflow.reset_password(account, **form.cleaned_data)
        return show_password(self.request, account, password)


class AccountDeactivateView(access.Guarded, TemplateView):
    """Confirm, then switch the account off; or on again when it is off."""

    action = "account.manage"
    template_name = "accounts/account_deactivate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(account=get_object_or_404(User, pk=self.kwargs["pk"]), **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_object_or_404(User, pk=pk)
        # The form says which state it wants, so that a second click changes nothing.
        active = request.POST.get("active") == "yes"
        try:
            workflow.set_active(account, active, by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.message)
        else:
            sentence = _("%(name)s may sign in again.") if active else _("%(name)s can no longer sign in.")
            messages.success(request, sentence % {"name": account})
        return HttpResponseRedirect(reverse("account-detail", args=[pk]))
