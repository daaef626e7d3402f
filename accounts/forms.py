"""What people fill in about themselves; the library's forms with our labels and our refusals."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_security import (
    ChangeEmailForm,
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    MfRecoveryForm,
    RegisterFormV2,
    ResetPasswordForm,
    SendConfirmationForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from wtforms import HiddenField, PasswordField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Email

from accounts.words import LABELS
from core.addresses import leads_inside
from core.forms import AtMost, Form, Required, Sent, cleaned

# Longer than any password may be. Hashing raises past 4,096, and one sign can become 18 when it is normalised.
PASSWORD_SIGNS = 200


class OurWords(Sent):
    """Mixed into a form of the library: our labels, and a `next` that leads outside counts as none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in LABELS.items():
            if name in self:  # type: ignore[operator] # a WTForms form holds its fields' names
                self[name].label.text = label  # type: ignore[index]
                self[name].description = ""  # type: ignore[index]
        for field in self:  # type: ignore[attr-defined]
            if isinstance(field, PasswordField) and field.data:
                field.data = field.data[:PASSWORD_SIGNS]
        target = getattr(self, "next", None)
        if target is not None and target.data and not leads_inside(target.data):
            target.data = ""


class SignInForm(OurWords, LoginForm):
    """Address and password. Who knows the password, or left one out, is told more than "not right"."""

    def validate(self, **kwargs: Any) -> bool:
        allowed = bool(super().validate(**kwargs))
        for field in (self.email, self.password):
            if field.errors and (self.user_authenticated or not field.data):
                # On the form and not on the field: there the view would make it the general answer.
                self.form_errors.extend(field.errors)
                field.errors = []
        return allowed


class SignUpForm(OurWords, RegisterFormV2):
    """A new account: name, address, password."""

    given_name = StringField(_l("First name"), [Required(), AtMost(100)], filters=[cleaned])
    family_name = StringField(_l("Last name"), [Required(), AtMost(100)], filters=[cleaned])


class ForgottenForm(OurWords, ForgotPasswordForm):
    pass


class NewPasswordForm(OurWords, ResetPasswordForm):
    pass


class PasswordForm(OurWords, ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.label.text = _l("Your password now")
        self.password.flags.required = True


class AddressForm(OurWords, ChangeEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email.label.text = _l("New e-mail")


class ConfirmationForm(OurWords, SendConfirmationForm):
    pass


class AgainForm(OurWords, VerifyForm):
    pass


class CodeForm(OurWords, TwoFactorVerifyCodeForm):
    """The number of the app, with or without the blank that apps show in its middle."""


class SecondStepForm(OurWords, TwoFactorSetupForm):
    """On by an app, or off: one button on the page and not the library's list of methods."""

    setup = HiddenField()


class NoRescueForm(TwoFactorRescueForm):
    """The library makes one on its page for the number; ours shows a link to the recovery codes."""

    help_setup = RadioField(choices=[])


class RecoveryForm(OurWords, MfRecoveryForm):
    """A recovery code, however it is typed from the paper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.label.text = _l("Recovery code")
        if isinstance(self.code.data, str):
            bare = "".join(self.code.data.split()).replace("-", "").lower()
            self.code.data = "-".join(bare[i : i + 4] for i in range(0, len(bare), 4))


# Under the names that Flask-Security gives its forms
SECURITY_FORMS: dict[str, Any] = {
    "login_form": SignInForm,
    "register_form": SignUpForm,
    "forgot_password_form": ForgottenForm,
    "reset_password_form": NewPasswordForm,
    "change_password_form": PasswordForm,
    "change_email_form": AddressForm,
    "send_confirmation_form": ConfirmationForm,
    "verify_form": AgainForm,
    "two_factor_setup_form": SecondStepForm,
    "two_factor_verify_code_form": CodeForm,
    "two_factor_rescue_form": NoRescueForm,
    "mf_recovery_form": RecoveryForm,
}


class ProfileForm(Form):
    given_name = StringField(_l("First name"), [Required(), AtMost(100)])
    family_name = StringField(_l("Last name"), [Required(), AtMost(100)])
    latin_name = StringField(_l("Name in Latin letters"), [AtMost(200)])
    locale = SelectField(_l("Language"), choices=[SelectChoice("el", "Ελληνικά"), SelectChoice("en", "English")])


ROLE_WORDS = {"author": _l("Author"), "staff": _l("Programme staff"), "admin": _l("Administrator")}


class RoleForm(Form):
    """A platform role for the person with this address."""

    email = StringField(
        _l("E-mail"),
        [Required(), AtMost(254), Email(_l("This isn't a whole address. It looks like name@example.org."))],
    )
    role = SelectField(_l("Role"), choices=[SelectChoice(role, word) for role, word in ROLE_WORDS.items()])
