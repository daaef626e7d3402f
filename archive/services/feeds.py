"""A person's private podcast feed: made once, taken back whenever they like."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from flask import current_app

from accounts.models import User
from archive.models import PrivateFeed
from archive.queries import feeds
from core.db import db
from core.errors import require


def make(actor: User) -> PrivateFeed:
    """The private feed of ACTOR; the one they have when they have one."""
    require(actor.active)
    if found := feeds.feed_of(actor):
        return found
    feed = PrivateFeed(user_id=actor.id, salt=secrets.token_hex(16))
    feed.token_hash = feeds.digest(_token(feed))
    db.session.add(feed)
    db.session.commit()
    return feed


def revoke(actor: User) -> None:
    """Take the feed of ACTOR back: its address answers 404 from now on. Harmless when there is none."""
    require(actor.active)
    if found := feeds.feed_of(actor):
        db.session.delete(found)
        db.session.commit()


def token(feed: PrivateFeed) -> str | None:
    """The token of FEED's address; None when the site's secret has changed since: then it must be made anew."""
    made = _token(feed)
    return made if hmac.compare_digest(feeds.digest(made), feed.token_hash) else None


def _token(feed: PrivateFeed) -> str:
    key = f"private feed {current_app.config['SECRET_KEY']}".encode()
    made = hmac.new(key, f"{feed.user_id} {feed.salt}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
