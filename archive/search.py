"""What can be found of recordings: themselves, what is said in them to the second, and their room's questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from accounts.models import User
from archive.captions import Cue
from archive.models import (
    Asset,
    AssetRole,
    Recording,
    RecordingAnchor,
    RecordingQuestion,
    RecordingState,
    RecordingVisibility,
)
from archive.permissions import belongs, manages
from archive.queries.record import asked_at, clocks_of
from archive.services.edits import shown
from core import search
from core.db import db
from core.search import PUBLIC, Document, Link
from courses.models import ModuleVersion
from forum.models import Question, Room
from mentors.models import Cohort, Meeting

LONGEST = 30.0  # seconds of speech that are found together
PAUSE = 4.0  # seconds of silence that part them all the same
TRACK = 100_000  # numbers for the parts of one language's transcript


@search.circles
def watching(user: User) -> Iterable[str]:
    """Cohorts whose own recordings USER may watch, and those whose unpublished ones too."""
    if not user.active:
        return []
    filmed = select(Meeting.cohort_id).join(Recording, Recording.meeting_id == Meeting.id)
    rows = db.session.execute(
        select(Cohort.id, manages(user).label("managed")).where(Cohort.id.in_(filmed), belongs(user))
    ).all()
    kept = [f"keep:{number}" for number, managed in rows if managed]
    return [*kept, *(f"watch:{number}" for number, _managed in rows)]


def seen_by(recording: Recording) -> frozenset[str]:
    """The circle for which a playable RECORDING is, as in archive/permissions.py."""
    cohort = recording.meeting.cohort_id
    circle = {
        RecordingVisibility.PUBLIC: PUBLIC,
        RecordingVisibility.COHORT: f"watch:{cohort}",
        RecordingVisibility.PRIVATE: f"keep:{cohort}",
    }[recording.visibility]
    return frozenset({circle})


def _keys() -> Iterable[int]:
    return db.session.scalars(select(Recording.id).where(Recording.state == RecordingState.PLAYABLE))


def _playable(key: int) -> Recording | None:
    meeting = contains_eager(Recording.meeting)
    return db.session.scalars(
        select(Recording)
        .join(Recording.meeting)
        .join(Meeting.cohort)
        .join(Meeting.module_version)
        .join(ModuleVersion.module)
        .where(Recording.id == key, Recording.state == RecordingState.PLAYABLE)
        .options(
            meeting.contains_eager(Meeting.cohort),
            meeting.contains_eager(Meeting.module_version).contains_eager(ModuleVersion.module),
            meeting.options(joinedload(Meeting.mentor)),
            selectinload(Recording.assets),
        )
    ).unique().one_or_none()


def _recording(key: int) -> Iterator[Document]:
    recording = _playable(key)
    if recording is None:
        return
    meeting = recording.meeting
    version, cohort = meeting.module_version, meeting.cohort
    said = [version.title_el, version.summary_el, cohort.title_el]
    said += [version.title_en, version.summary_en, cohort.title_en]
    said += [meeting.mentor.name] if meeting.mentor else []
    yield Document(
        part=0,
        title_el=recording.title_el,
        title_en=recording.title_en,
        place_el=cohort.title_el,
        place_en=cohort.title_en,
        text="\n".join(line for line in said if line),
        links=(Link("archive.recording", {"pid": str(recording.pid)}, seen_by(recording)),),
        languages=frozenset({recording.language}),
        theme=version.module.theme_id,
        cohort=cohort.id,
        moment=meeting.starts_at,
    )


def _transcript(key: int) -> Iterator[Document]:
    """What is said in it, about half a minute together, in every language it has captions in."""
    recording = _playable(key)
    if recording is None:
        return
    tracks = sorted((one for one in recording.assets if one.role is AssetRole.CAPTIONS), key=lambda one: one.id)
    for asset in tracks:
        for number, cues in enumerate(together(shown(asset))):
            yield _spoken(recording, asset, asset.id * TRACK + number, cues)


def together(cues: Iterable[Cue]) -> Iterator[list[Cue]]:
    """CUES in groups: no longer than LONGEST, parted where nobody speaks."""
    group: list[Cue] = []
    for cue in cues:
        if group and (cue.end - group[0].start > LONGEST or cue.start - group[-1].end > PAUSE):
            yield group
            group = []
        group.append(cue)
    if group:
        yield group


def joined(cues: Sequence[Cue]) -> tuple[str, tuple[tuple[int, float], ...]]:
    """The words of CUES as one text, and at which second the words from an offset on begin."""
    text, places = "", []
    for cue in cues:
        text += " " if text else ""
        places.append((len(text), cue.start))
        text += " ".join(cue.text.split())
    return text, tuple(places)


def _spoken(recording: Recording, asset: Asset, part: int, cues: Sequence[Cue]) -> Document:
    meeting = recording.meeting
    text, places = joined(cues)
    link = Link("archive.recording", {"pid": str(recording.pid)}, seen_by(recording), cues[0].start)
    return Document(
        part=part,
        title_el="",
        place_el=recording.title_el,
        place_en=recording.title_en,
        text=text,
        links=(link,),
        languages=frozenset({asset.language}),
        theme=meeting.module_version.module.theme_id,
        cohort=meeting.cohort_id,
        moment=meeting.starts_at,
        lines=places,
    )


def films_of(questions: Sequence[Question]) -> dict[int, list[Link]]:
    """{question.id: the ways to it on playable recordings}: at its second where its answer is heard."""
    rows = db.session.execute(
        select(Room.id, Recording)
        .join(Recording, Recording.meeting_id == Room.meeting_id)
        .join(Recording.meeting)
        .where(
            Room.id.in_({question.room_id for question in questions}), Recording.state == RecordingState.PLAYABLE
        )
        .options(contains_eager(Recording.meeting))
        .order_by(Recording.id)
    ).all()
    clocks, watched = clocks_of([one for _room, one in rows]), asked_at([one for _room, one in rows])
    found: dict[int, list[Link]] = {question.id: [] for question in questions}
    for question in questions:
        for recording in (one for room_id, one in rows if room_id == question.room_id):
            at = clocks[recording.id].moment(recording, question)[0] if question.answering_at else None
            if watched.get(question.id, (0, 0.0))[0] == recording.id:
                at = watched[question.id][1]
            values = {"pid": str(recording.pid)} | ({"t": int(at)} if at is not None else {})
            found[question.id].append(Link("archive.recording", values, seen_by(recording), at))
    return found


def _itself(_session: Session, recording: Recording) -> Iterable[int]:
    """An upload that is being checked writes its row often and can't be found."""
    plays = recording.state is RecordingState.PLAYABLE or search.changed(recording, "state")
    return [recording.id] if plays else []


def _its_meeting(session: Session, recording: Recording) -> Iterable[int]:
    return [recording.meeting_id] if _itself(session, recording) else []


def _its_transcript(_session: Session, asset: Asset) -> Iterable[int]:
    return [asset.recording_id] if asset.role is AssetRole.CAPTIONS else []


def _anchored(session: Session, anchor: RecordingAnchor | RecordingQuestion) -> Iterable[int]:
    recording = session.get(Recording, anchor.recording_id)
    return [recording.meeting_id] if recording is not None else []


def _of_cohort(session: Session, cohort_id: int) -> Iterable[int]:
    return session.scalars(
        select(Recording.id)
        .join(Recording.meeting)
        .where(Meeting.cohort_id == cohort_id, Recording.state == RecordingState.PLAYABLE)
    ).all()


search.register("recording", _keys, _recording)
search.register("cue", _keys, _transcript)
for _kind in ("recording", "cue"):
    search.watch(_kind, Recording, _itself)
search.follow("cohort", "recording", _of_cohort)
search.watch("cue", Asset, _its_transcript)
search.watch("question", Recording, _its_meeting)
search.watch("question", RecordingAnchor, _anchored)
search.watch("question", RecordingQuestion, _anchored)
