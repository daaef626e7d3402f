"""What Flask-Security says to people, in our words: its messages and the labels of its forms.

The ids are English; their Greek stands in translations/el/accounts.po like everything else's.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l


def _(message: str) -> str:
    """Marks MESSAGE for the catalogue; the library translates it when it is shown."""
    return message


# Ready as `app.config["SECURITY_MSG_<name>"]`: (text, kind of alert).
MESSAGES: dict[str, tuple[str, str]] = {
    "API_ERROR": (_("This wasn't understood. If you followed a link, it may have been cut: copy it whole."), "error"),
    "ALREADY_CONFIRMED": (_("This address is confirmed already. You can sign in."), "info"),
    "ANONYMOUS_USER_REQUIRED": (_("You are signed in already."), "info"),
    "CHANGE_EMAIL_CONFIRMED": (_("Your e-mail address changed."), "success"),
    "CHANGE_EMAIL_EXPIRED": (_("The link has expired. Ask for a new one here."), "error"),
    "CHANGE_EMAIL_SENT": (_("We sent a link to %(email)s. The address changes when you follow it."), "success"),
    "CONFIRMATION_EXPIRED": (_("The link has expired. Write your address and we send a new one."), "error"),
    "CONFIRMATION_REQUEST": (
        _("If %(email)s waits to be confirmed, a new link is on its way there."), "info"
    ),
    "CONFIRMATION_REQUIRED": (_("Your address isn't confirmed yet: follow the link that we sent you."), "error"),
    "CONFIRM_REGISTRATION": (_("We sent a message to %(email)s."), "success"),
    "DISABLED_ACCOUNT": (_("This account has been closed. Ask the programme's staff."), "error"),
    "EMAIL_ALREADY_ASSOCIATED": (_("We can't use this address."), "error"),
    "EMAIL_CONFIRMED": (_("Your address is confirmed. Now sign in."), "success"),
    "EMAIL_NOT_PROVIDED": (_("Write your e-mail address."), "error"),
    "GENERIC_AUTHN_FAILED": (_("The address or the password isn't right. Look at both and try again."), "error"),
    "GENERIC_RECOVERY": (_("If this address has an account, a link is on its way there."), "info"),
    "IDENTITY_ALREADY_ASSOCIATED": (_("We can't use this address."), "error"),
    "INVALID_CODE": (_("This isn't the right number. Take the one that the app shows now."), "error"),
    "INVALID_CONFIRMATION_TOKEN": (
        _("The link isn't valid: it may have been cut, or used already. Write your address for a new one."), "error"
    ),
    "INVALID_EMAIL_ADDRESS": (_("This isn't a whole address. It looks like name@example.org."), "error"),
    "INVALID_INPUT": (_("This wasn't understood."), "error"),
    "INVALID_PASSWORD": (_("This isn't your password."), "error"),
    "INVALID_RECOVERY_CODE": (_("This code isn't valid, or it was used already."), "error"),
    "INVALID_REDIRECT": (_("The address to go on to is outside this site."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        _("The link isn't valid: it may have been cut, or used already. Ask for a new one here."), "error"
    ),
    "LOGIN": (_("Sign in to go on."), "info"),
    "NO_RECOVERY_CODES_SETUP": (_("You have no codes yet."), "info"),
    "PASSWORD_CHANGE": (_("Your password changed. Your other devices are signed out."), "success"),
    "PASSWORD_INVALID_LENGTH": (_("The password needs at least %(length)s characters."), "error"),
    "PASSWORD_IS_THE_SAME": (_("The new password is the same as the old one."), "error"),
    "PASSWORD_MISMATCH": (_("The two passwords aren't the same."), "error"),
    "PASSWORD_NOT_PROVIDED": (_("Write the password."), "error"),
    "PASSWORD_RESET": (_("Your password changed and you are signed in."), "success"),
    "PASSWORD_RESET_EXPIRED": (_("The link has expired. Ask for a new one here."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (_("Your password changed. Sign in with the new one."), "success"),
    "PASSWORD_RESET_REQUEST": (_("If %(email)s has an account, a link is on its way there."), "info"),
    "PASSWORD_TOO_SIMPLE": (_("This password is easy to guess. Put another word in it."), "error"),
    "REAUTHENTICATION_REQUIRED": (_("Before this, write your password once more."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (_("Thank you. You can go on."), "info"),
    "REFRESH": (_("Before this, write your password once more."), "info"),
    "RETYPE_PASSWORD_MISMATCH": (_("The two passwords aren't the same."), "error"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (_("The second step is on."), "success"),
    "TWO_FACTOR_DISABLED": (_("The second step is off."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (_("This isn't the right number. Take the one that the app shows now."), "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (_("You are signed in."), "success"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (_("This wasn't understood."), "error"),
    "TWO_FACTOR_PERMISSION_DENIED": (_("First write your address and password."), "error"),
    "TWO_FACTOR_SETUP_EXPIRED": (_("It took long and the key has expired. Begin once more."), "error"),
    "UNAUTHENTICATED": (_("Sign in to go on."), "info"),
    "UNAUTHORIZED": (_("This isn't open to you."), "error"),
    "USER_DOES_NOT_EXIST": (_("The address or the password isn't right. Look at both and try again."), "error"),
}

# Labels by the name of the field, in every form of the library.
LABELS = {
    "email": _l("E-mail"),
    "password": _l("Password"),
    "password_confirm": _l("The password once more"),
    "new_password": _l("New password"),
    "new_password_confirm": _l("The new password once more"),
    "remember": _l("Remember me on this device"),
    "code": _l("Six-digit number"),
}
