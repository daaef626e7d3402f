"""Flask-Security set up: sign-up with confirmed e-mail, sign-in, reset, change, second factor, in our words."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore

from accounts.models import Role, User
from core.db import db

datastore = SQLAlchemyUserDatastore(db, User, Role)
security = Security()


def init_app(app: Flask) -> None:
    app.config.setdefault("SECURITY_DATETIME_FACTORY", lambda: dt.datetime.now(dt.UTC))
    security.init_app(app, datastore)
