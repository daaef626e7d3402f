"""What a learner followed, live or by the recording."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from core.db import db
from core.errors import require
from learning.models import FollowedBy, ModuleFollowed


def mark_followed(user: User | None, module_id: int, by: FollowedBy) -> ModuleFollowed:
    """USER followed the module; the first time counts and later ones change nothing."""
    require(user is not None)
    assert user is not None  # noqa: S101 - required above
    mine = select(ModuleFollowed).where(
        ModuleFollowed.user_id == user.id, ModuleFollowed.module_id == module_id
    )
    followed = db.session.scalar(mine)
    if followed is not None:
        return followed
    followed = ModuleFollowed(user_id=user.id, module_id=module_id, by=by)
    db.session.add(followed)
    try:
        db.session.commit()
    except IntegrityError:  # marked at the same moment from elsewhere
        db.session.rollback()
        return db.session.scalars(mine).one()
    return followed
