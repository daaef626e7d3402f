"""Modules: a new one, and what its draft says."""

from __future__ import annotations

from sqlalchemy import select

from accounts.models import User
from core.db import db
from core.errors import NotFound, require
from courses.content import ModuleText
from courses.models import Module, ModuleVersion, Theme, Topic
from courses.permissions import can_write
from courses.services import versions


def create_module(theme_id: int, text: ModuleText, user: User, slug: str = "") -> Module:
    """A module with its first draft. Raises NotFound for an unknown theme."""
    require(can_write(user))
    require(db.session.get(Theme, theme_id) is not None, NotFound)
    module: Module = versions.begin(Module, text, user, slug, theme_id=theme_id)
    return module


def save_module(
    module: Module, text: ModuleText, *, theme_id: int, topics: list[int], revision: int, user: User
) -> ModuleVersion:
    """Save TEXT into the draft; theme and TOPICS (ids) belong to the module and hold at once.

    MODULE must have its topics loaded. Raises EditedMeanwhile, DraftGone (nothing is changed then).
    """
    require(can_write(user))
    chosen = list(db.session.scalars(select(Topic).where(Topic.id.in_(topics))))
    with db.session.no_autoflush:
        draft: ModuleVersion = versions.save(module, text, revision, user)
    if {topic.id for topic in module.topics} != {topic.id for topic in chosen} or module.theme_id != theme_id:
        module.topics = chosen
        module.theme_id = theme_id
        db.session.commit()
    return draft
