"""What stands before a page: somebody signed in, or a platform role."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext

from accounts.models import User
from accounts.permissions import actor
from core.errors import Forbidden, require


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Anonymous people are asked to sign in and brought back; JSON and tus callers get 401."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if actor() is None:
            if request.method in {"GET", "HEAD"} and request.accept_mimetypes.accept_html:
                flash(gettext("Sign in to go on."), "info")
                return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
            abort(401)
        return view(*args, **kwargs)

    return guarded


def only(allowed: Callable[[User | None], bool]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Signed in, and ALLOWED says yes (`only(is_staff)`): else 403."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(allowed(actor()), Forbidden)
            return view(*args, **kwargs)

        return signed_in(guarded)

    return decorate
