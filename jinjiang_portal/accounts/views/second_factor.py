"""The second factor: set up, asked for after the password, switched off (SECURITY 4)."""

import time
from base64 import b32encode
from typing import Any

import django_otp
import segno
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.generic import FormView
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from jinjiang_portal import access
from jinjiang_portal.accounts import sessions, workflow
from jinjiang_portal.accounts.forms import CodeForm, OwnPasswordForm, RecoverableCodeForm
from jinjiang_portal.accounts.views.signing import safe_next

SETUP_KEY = "second_factor_key"


class TotpSetupView(access.SignedIn, FormView):
    """Show the key as a QR code and as text; switch the factor on when a code from the app is right."""

    template_name = "accounts/totp_setup.html"
    form_class = CodeForm

    @property
    def key(self) -> bytes:
        """The key being set up: kept in the session until it is confirmed, so that a reload shows the same one."""
        kept = self.request.session.setdefault(SETUP_KEY, random_hex(20))
        return bytes.fromhex(kept)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        has_device = TOTPDevice.objects.filter(user=self.request.user, confirmed=True).exists()
        kwargs |= {"has_device": has_device, "next": safe_next(self.request, default="")}
        kwargs["forced"] = self.request.user.role in settings.TOTP_REQUIRED_ROLES
        if not has_device or "again" in self.request.GET:
            device = TOTPDevice(user=self.request.user, key=self.key.hex())
            text = b32encode(self.key).decode()
            kwargs["qr_code"] = _drawn(device.config_url)
            kwargs["typed_key"] = " ".join(text[place : place + 4] for place in range(0, len(text), 4))
        return super().get_context_data(**kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        totp = TOTP(self.key)
        totp.time = time.time()
        if not totp.verify(int(form.cleaned_data["code"]), tolerance=1):
            form.add_error(
                "code", _("This code is not right. Check that the phone's time is right and try the next code.")
            )
            return self.form_invalid(form)
        device, codes = workflow.confirm_second_factor(self.request.user, self.key, totp.t())
        del self.request.session[SETUP_KEY]
        let_in(self.request, device)
        # Sessions opened with the password alone must not go on.
        sessions.end_others(self.request)
        answer = render(self.request, "accounts/totp_codes.html", {"codes": codes, "next": safe_next(self.request)})
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _drawn(url: str) -> str:
    """The QR code of the address as inline SVG; colours are attributes, so the page's strict CSP holds."""
    drawing = segno.make(url).svg_inline(scale=5, border=2, light="#fff", title=_("QR code of the key below"))
    return mark_safe(drawing)


class TotpVerifyView(access.SignedIn, FormView):
    """Ask for the code of the app, or a recovery code, once per session."""

    template_name = "accounts/totp_verify.html"
    form_class = RecoverableCodeForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.session.get(sessions.SECOND_FACTOR) or request.user.is_verified():
            return HttpResponseRedirect(safe_next(request))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next=safe_next(self.request, default=""), **kwargs)

    def form_valid(self, form: RecoverableCodeForm) -> HttpResponse:
        device = django_otp.match_token(self.request.user, form.cleaned_data["code"])
        if device is None:
            form.add_error("code", self._refusal())
            return self.form_invalid(form)
        let_in(self.request, device)
        return HttpResponseRedirect(safe_next(self.request))

    def _refusal(self) -> str:
        for device in django_otp.devices_for_user(self.request.user):
            allowed, why = device.verify_is_allowed()
            if not allowed and why and why.get("locked_until"):
                return _(
                    "This code is not right. Wait a moment before the next try: each wrong code makes the wait longer."
                )
        return _("This code is not right. Check that the phone's time is right and try the next code.")


def let_in(request: HttpRequest, device: Any) -> None:
    """Mark the session as verified and give it a new key."""
    django_otp.login(request, device)
    request.session[sessions.SECOND_FACTOR] = True
    sessions.rotate(request)


class TotpDisableView(access.SignedIn, FormView):
    """Switch the second factor off, where the role allows it; asks for the password."""

    template_name = "accounts/totp_disable.html"
    form_class = OwnPasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and request.user.role in settings.TOTP_REQUIRED_ROLES:
            raise PermissionDenied(
                _("Your role needs the second factor. Ask the system administrator to replace a lost device.")
            )
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: OwnPasswordForm) -> HttpResponse:
        workflow.drop_second_factor(self.request.user)
        self.request.session[sessions.SECOND_FACTOR] = False
        self.request.session.pop(django_otp.DEVICE_ID_SESSION_KEY, None)
        sessions.rotate(self.request)
        return HttpResponseRedirect(reverse("me"))
