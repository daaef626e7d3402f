"""The address at which a podcast program finds what one person may watch."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import db, utcnow


class PrivateFeed(db.Model):  # type: ignore[name-defined]
    """At most one for each person; taking it back deletes the row.

    The token of the address isn't here: it is made of `salt` and the site's own secret, and only its hash is compared.
    """

    __tablename__ = "private_feeds"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, hexadecimal
    made_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    user: Mapped[User] = relationship(lazy="raise_on_sql")
