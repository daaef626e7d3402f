"""What recordings show on pages of packages below."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import render_template, url_for
from markupsafe import Markup

from accounts.models import User
from accounts.permissions import actor
from archive.queries import recordings
from archive.queries.record import moments_of
from archive.search import films_of
from archive.services import dictation
from core import headers
from core.search import Link
from core.slots import fills
from courses.models import Module
from forum.models import Question, Room
from forum.permissions import may
from forum.queries import Seat
from forum.services.memory import Clip
from mentors.models import Meeting


@fills("meetings.acts")
def watch_links(meetings: Sequence[Meeting]) -> dict[int, Markup]:
    """{meeting.id: a link to its recording}, for those the reader may watch."""
    found = recordings.of_meetings([meeting.id for meeting in meetings], actor()) if meetings else {}
    return {meeting_id: _link(pid) for meeting_id, pid in found.items()}


@fills("questions.clips")
def clips(questions: Sequence[Question], user: User | None) -> dict[int, Clip]:
    """{question.id: where its answer is heard}, of recordings USER may watch and whose time is known."""
    return {
        question_id: Clip(url_for("archive.recording", pid=pid, t=int(at)), at, length)
        for question_id, (pid, at, length) in moments_of(questions, user).items()
    }


@fills("questions.films")
def films(questions: Sequence[Question]) -> dict[int, list[Link]]:
    """{question.id: the ways to it on recordings it is shown beside, each for those who may watch}."""
    return films_of(questions)


def _link(pid: uuid.UUID) -> Markup:
    return Markup(render_template("archive/_link.html", pid=pid))  # noqa: S704 - rendered and escaped by the template


@fills("module.more")
def recordings_of(module: Module) -> Markup | None:
    """The recordings of MODULE that the reader may watch."""
    found = recordings.of_module(module.id, actor())
    if not found:
        return None
    return Markup(render_template("archive/_of_module.html", recordings=found, find=recordings))  # noqa: S704 - as above


@fills("room.ask")
def say_it(room: Room, seat: Seat) -> Markup | None:
    """Saying a question instead of typing it, where there is a recogniser for it."""
    if not may(seat.role, "question:ask") or dictation.language_of(room) is None:
        return None
    headers.allow_microphone()
    page = render_template("archive/_dictation.html", room=room, seconds=dictation.SECONDS)
    return Markup(page)  # noqa: S704 - as above


@fills("account.more")
def way_to_feed(_user: User) -> Markup:
    """On the account's page: the way to one's own podcast feed."""
    return Markup(render_template("archive/_my_feed.html"))  # noqa: S704 - as above
