"""Forms of accounts."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinjiang_portal import clock
from jinjiang_portal.accounts.models import User
from jinjiang_portal.forms import PortalForm, PortalModelForm
from jinjiang_portal.versioned import VersionedFormMixin


class SignInForm(PortalForm, auth_forms.AuthenticationForm):
    """User name and password. Wrong password and unknown name get the same sentence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")

    def get_invalid_login_error(self) -> ValidationError:
        sentence = gettext(
            "The user name or the password is not right. "
            "After %(failures)s failures sign-in is locked for a quarter of an hour."
        )
        return ValidationError(sentence % {"failures": settings.AXES_FAILURE_LIMIT}, code="invalid_login")

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if user.expires_on and user.expires_on < clock.today():
            raise ValidationError(
                gettext("This account has run out. The system administrator can prolong it."), code="expired"
            )


class ChangePasswordForm(PortalForm, auth_forms.PasswordChangeForm):
    """The present password and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django's own help is a list, which has no place in a line of help.
        self.fields["new_password1"].help_text = _(
            "At least 12 characters, not only digits, not a common password and not like your name."
        )
        self.fields["new_password2"].help_text = ""

    def clean_new_password1(self) -> str:
        new = self.cleaned_data["new_password1"]
        if new and self.user.check_password(new):
            raise ValidationError(gettext("Choose a password that differs from the present one."), code="same")
        return new

    def save(self, commit: bool = True) -> User:
        self.user.set_password(self.cleaned_data["new_password1"])
        self.user.must_change_password = False
        if commit:
            self.user.save(update_fields=["password", "must_change_password"])
        return self.user


class CodeForm(PortalForm):
    """The six digits an authenticator app shows."""

    code = forms.RegexField(
        r"^\d{6}$",
        label=_("Code"),
        help_text=_("Six digits, as the app shows them now."),
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "7"}),
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and " " in data.get("code", ""):
            data = data.copy()
            data["code"] = data["code"].replace(" ", "")
        super().__init__(data, *args, **kwargs)


class RecoverableCodeForm(PortalForm):
    """The app's code, or one of the recovery codes."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits from the app, or one of your recovery codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).lower()


class OwnPasswordForm(PortalForm):
    """Asks for one's own password before something that weakens the account."""

    password = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(gettext("This is not your present password."), code="wrong")
        return password


class PreferencesForm(PortalModelForm):
    """What everybody sets for themselves."""

    class Meta:
        model = User
        fields = ["language", "density", "shortcut_keys"]

    def save(self, commit: bool = True) -> User:
        user = super().save(commit=False)
        if commit:
            user.save(update_fields=self._meta.fields)
        return user


class AccountForm(PortalModelForm):
    """A new account."""

    class Meta:
        model = User
        fields = ["username", "full_name", "role", "organisation", "expires_on"]
        labels = {"username": _("User name"), "full_name": _("Name")}
        help_texts = {
            "username": _("Letters, digits and . - _ only. It is typed at sign-in."),
            "expires_on": _("Last day on which the account may sign in. Empty: no end."),
        }
        widgets = {"expires_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day and day < clock.today():
            raise ValidationError(gettext("This day has passed. Choose today or a later day."), code="past")
        return day


class AccountChangeForm(VersionedFormMixin, AccountForm):
    """An existing account; the user name stays. A save over somebody else's newer one is refused."""

    class Meta(AccountForm.Meta):
        fields = ["full_name", "role", "organisation", "expires_on"]

    def clean_expires_on(self) -> Any:
        # A day that has passed is how an account is ended, so it stays allowed here.
        return self.cleaned_data["expires_on"]


class ResetForm(PortalForm):
    """Reset an account's password."""

    remove_second_factor = forms.BooleanField(
        label=_("Also remove the second factor (the phone was lost or replaced)"), required=False
    )


class AccountFilterForm(PortalForm):
    """What narrows the list of accounts."""

    ACTIVE, OFF, EXPIRED, WAITING = "active", "off", "expired", "waiting"
    q = forms.CharField(label=_("Name or organisation"), required=False, max_length=40)
    role = forms.ChoiceField(label=_("Role"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            (ACTIVE, _("In use")),
            (WAITING, _("First sign-in awaited")),
            (EXPIRED, _("Run out")),
            (OFF, _("Deactivated")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("All")), *User._meta.get_field("role").choices]
