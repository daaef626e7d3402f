"""Podcast feeds: what a program reads in them, for whom, and that an address taken back is good no longer."""

from __future__ import annotations

import datetime as dt
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
import structlog

import core.log
from archive.models import Asset, AssetRole, Chapter, PrivateFeed, Recording, RecordingEdit, RecordingVisibility
from tests.archive.conftest import Stage
from tests.archive.test_captions import GOOD, send

PUBLIC = RecordingVisibility.PUBLIC
NAMES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
}
# What Apple and the Podcast Index ask of every channel and item.
OF_CHANNEL = ("title", "link", "description", "language", "itunes:image", "itunes:category", "itunes:explicit",
              "itunes:author", "atom:link", "podcast:medium")
OF_ITEM = ("title", "link", "guid", "pubDate", "description", "enclosure", "itunes:duration", "itunes:explicit",
           "podcast:license", "podcast:person")


def parsed(answer: Any) -> Any:
    found = feedparser.parse(answer.data)
    assert found.bozo is False
    return found


def inside(address: str) -> str:
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("http", "localhost")
    return parts.path


def add_sound(stage: Stage, recording: Recording, file: Path) -> None:
    key = f"{recording.pid}/made/sound.m4a"
    target = stage.media_dir / key
    target.parent.mkdir(parents=True)
    target.write_bytes(file.read_bytes())
    stage.world.add(
        Asset(recording_id=recording.id, role=AssetRole.AUDIO, key=key, mimetype="audio/mp4",
              bytes=file.stat().st_size, sha256="5" * 64)
    )


@pytest.fixture
def public(stage: Stage, media: dict[str, Path]) -> Recording:
    """A public recording with captions and a question at its second."""
    recording = stage.playable(media["mp4"], visibility=PUBLIC, starts_at=stage.meeting.starts_at)
    assert send(stage, recording, GOOD).status_code == 303
    with stage.world.session() as session:
        from mentors.models import Meeting

        session.get_one(Meeting, stage.meeting.id).mentor_id = stage.host.id
        session.commit()
    stage.ask(1, 3)
    return recording


def test_a_program_reads_it(stage: Stage, public: Recording, media: dict[str, Path]) -> None:
    client = stage.world.client()
    feed = parsed(client.get("/feeds/recordings.xml"))
    item = feed.entries[0]
    assert (item.id, item.guidislink, item.itunes_duration) == (str(public.pid), False, "12")
    assert item.title == "Από το χωράφι στο πιάτο"
    enclosure = item.enclosures[0]
    assert (enclosure.type, int(enclosure.length)) == ("video/mp4", media["mp4"].stat().st_size)
    assert client.get(inside(enclosure.href)).data == media["mp4"].read_bytes()
    add_sound(stage, public, media["mp3"])
    enclosure = parsed(client.get("/feeds/recordings.xml")).entries[0].enclosures[0]
    assert (enclosure.type, int(enclosure.length)) == ("audio/mp4", media["mp3"].stat().st_size)
    assert client.get(inside(enclosure.href)).data == media["mp3"].read_bytes()


def test_it_has_all_that_is_required(stage: Stage, public: Recording) -> None:
    channel = ET.fromstring(stage.world.client().get("/feeds/recordings.xml").data).find("channel")  # noqa: S314 - ours
    assert channel is not None
    item = channel.find("item")
    assert item is not None
    assert [name for name in OF_CHANNEL if channel.find(name, NAMES) is None] == []
    assert [name for name in OF_ITEM if item.find(name, NAMES) is None] == []
    licence = item.find("podcast:license", NAMES)
    assert licence is not None
    assert (licence.text, licence.get("url")) == ("cc-by-sa-4.0", "https://creativecommons.org/licenses/by-sa/4.0/")
    assert item.findtext("podcast:person", namespaces=NAMES) == f"{stage.host.given_name} {stage.host.family_name}"
    image = channel.find("itunes:image", NAMES)
    assert image is not None
    picture = stage.world.client().get(inside(image.get("href", "")))
    assert picture.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert 1400 <= int.from_bytes(picture.data[16:20], "big") <= 3000
    picture.close()


def test_chapters_and_text_are_reached(stage: Stage, public: Recording) -> None:
    client = stage.world.client()
    item = ET.fromstring(client.get("/feeds/recordings.xml").data).find("channel/item")  # noqa: S314 - ours
    assert item is not None
    chapters, transcript = (item.find(f"podcast:{name}", NAMES) for name in ("chapters", "transcript"))
    assert chapters is not None
    assert transcript is not None
    answer = client.get(inside(chapters.get("url", "")))
    assert answer.mimetype == chapters.get("type") == "application/json+chapters"
    page = f"http://localhost/recordings/{public.pid}?t=3"
    first = {"startTime": 3.0, "title": "Ερώτηση 1;", "endTime": 5.0, "url": page}
    assert answer.get_json(force=True) == {"version": "1.2.0", "chapters": [first]}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    text = client.get(inside(transcript.get("url", "")))
    assert text.mimetype == transcript.get("type") == "text/vtt"
    assert text.data.startswith(b"WEBVTT")


def test_chapters_that_people_made_come_first(stage: Stage, public: Recording) -> None:
    stage.world.add(Chapter(recording_id=public.id, seconds=0, title_el="Αρχή", title_en="Beginning"))
    answer = stage.world.client().get(f"/feeds/{public.pid}/chapters.json")
    assert [one["title"] for one in answer.get_json(force=True)["chapters"]] == ["Αρχή"]


def test_what_was_removed_leaves_by_no_door(stage: Stage, public: Recording) -> None:
    stage.world.add(RecordingEdit(recording_id=public.id, first=3, last=5, reason="όνομα", by_id=stage.staff.id))
    client = stage.world.client(stage.learner, "en")
    assert parsed(client.get("/feeds/recordings.xml")).entries == []
    doors = [f"/feeds/{public.pid}/{name}" for name in ("film.mp4", "sound.m4a", "chapters.json")]
    for path in (*doors, f"/recordings/{public.pid}/embed", f"/recordings/{public.pid}/offline"):
        assert client.get(path).status_code == 404, path
    page = client.get(f"/recordings/{public.pid}").text
    assert "as it plays here" not in page
    assert "contentUrl" not in page


def test_each_feed_has_its_own_and_nothing_hidden(stage: Stage, public: Recording, media: dict[str, Path]) -> None:
    stage.playable(media["mp4"], title_el="Του τμήματος")
    stage.playable(media["mp4"], title_el="Κρυφή", visibility=RecordingVisibility.PRIVATE)
    with stage.world.session() as session:
        from courses.models import Course, Theme
        from network.models import Organisation

        slugs = [("theme", session.query(Theme.slug).scalar()), ("course", session.query(Course.slug).scalar()),
                 ("cohort", stage.cohort.slug), ("organisation", session.query(Organisation.slug).scalar())]
    for client in (stage.world.client(), stage.world.client(stage.stranger), stage.world.client(stage.learner)):
        listed = client.get("/recordings/feeds").text
        for kind, slug in slugs:
            address = f"/feeds/{kind}/{slug}.xml"
            assert address in listed
            assert [item.id for item in parsed(client.get(address)).entries] == [str(public.pid)]
        assert client.get("/feeds/theme/none.xml").status_code == 404
    other = stage.world.cohort(starts=dt.timedelta(days=-2))
    assert parsed(stage.world.client().get(f"/feeds/cohort/{other.slug}.xml")).entries == []


def test_nothing_changed_answers_304(stage: Stage, public: Recording) -> None:
    client = stage.world.client()
    first = client.get("/feeds/recordings.xml")
    by_tag, by_date = ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]})
    for known in (by_tag, by_date):
        again = client.get("/feeds/recordings.xml", headers=known)
        assert (again.status_code, again.data) == (304, b"")
    with stage.world.session() as session:
        session.get_one(Recording, public.id).title_el = "Άλλος τίτλος"
        session.commit()
    for known in (by_tag, by_date):
        assert "Άλλος τίτλος" in client.get("/feeds/recordings.xml", headers=known).text


def test_as_many_queries_for_three_as_for_one(
    stage: Stage, public: Recording, media: dict[str, Path], queries: Callable[[], int]
) -> None:
    counts = []
    for more in (0, 2):
        for _ in range(more):
            stage.playable(media["mp4"], visibility=PUBLIC)
        queries()
        assert len(parsed(stage.world.client().get("/feeds/recordings.xml")).entries) == more + 1
        counts.append(queries())
    assert counts == [5, 5]


def test_in_english(stage: Stage, public: Recording) -> None:
    client = stage.world.client(locale="el")
    feed = parsed(client.get("/feeds/recordings.xml?lang=en"))
    assert (feed.feed.language, feed.feed.title) == ("en", "Recordings – Mentors")
    assert parsed(client.get("/feeds/recordings.xml")).feed.title == "Μαγνητοσκοπήσεις – Μέντορες"


def own_address(stage: Stage, user: Any) -> str:
    """Make the private feed of USER as a person would, and read its address from the page."""
    client = stage.world.client(user)
    assert {client.post("/me/feed").status_code for _ in range(2)} == {303}  # a double click makes one
    page = client.get("/me/feed")
    assert page.headers["Cache-Control"] == "no-store"
    return inside(page.text.split('readonly value="')[1].split('"')[0])


def test_a_private_feed_has_its_persons_recordings(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    stage.playable(media["mp4"], visibility=RecordingVisibility.PRIVATE)
    program = stage.world.client()  # without any cookie
    answer = program.get(own_address(stage, stage.learner))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers
    item = parsed(answer).entries[0]
    assert item.id == str(recording.pid)
    file = program.get(inside(item.enclosures[0].href))
    assert (file.status_code, file.headers["Cache-Control"]) == (200, "private, no-store")
    assert file.data == media["mp4"].read_bytes()
    assert parsed(program.get(own_address(stage, stage.stranger))).entries == []


def test_the_stranger_gets_nothing_with_their_own_token(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    theirs = own_address(stage, stage.stranger).removesuffix(".xml")
    for name in ("film.mp4", "chapters.json", "el.vtt", "poster.jpg"):
        assert stage.world.client(stage.learner).get(f"{theirs}/{recording.pid}/{name}").status_code == 404


def test_what_is_taken_back_is_gone_at_once(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    address = own_address(stage, stage.learner)
    file = f"{address.removesuffix('.xml')}/{recording.pid}/film.mp4"
    program, person = stage.world.client(), stage.world.client(stage.learner)
    assert (program.get(address).status_code, program.get(file).status_code) == (200, 200)
    begun = time.monotonic()
    assert {person.post("/me/feed/revoke").status_code for _ in range(2)} == {303}
    assert (program.get(address).status_code, program.get(file).status_code) == (404, 404)
    assert time.monotonic() - begun < 10  # nothing waits for a copy to age
    assert own_address(stage, stage.learner) != address
    assert program.get(address).status_code == 404


def test_who_left_the_cohort_gets_no_more(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    address = own_address(stage, stage.learner)
    file = f"{address.removesuffix('.xml')}/{recording.pid}/film.mp4"
    with stage.world.session() as session:
        from learning.models import Enrolment, EnrolmentState

        session.query(Enrolment).filter_by(user_id=stage.learner.id).one().state = EnrolmentState.WITHDRAWN
        session.commit()
    assert stage.world.client().get(file).status_code == 404
    assert parsed(stage.world.client().get(address)).entries == []


def test_the_token_is_neither_stored_nor_logged(
    stage: Stage, media: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = stage.playable(media["mp4"])
    address = own_address(stage, stage.learner)
    token = address.removeprefix("/feeds/mine/").removesuffix(".xml")
    with stage.world.session() as session:
        kept = session.query(PrivateFeed).one()
        assert token not in {kept.salt, kept.token_hash}
    lines = structlog.testing.CapturingLogger()
    monkeypatch.setattr(core.log, "log", structlog.wrap_logger(lines, processors=[structlog.processors.JSONRenderer()]))
    stage.world.app.config["LOG_JSON"] = True
    program = stage.world.client()
    for path in (address, f"{address.removesuffix('.xml')}/{recording.pid}/film.mp4", f"/feeds/mine/{token}x.xml"):
        program.get(path)
    assert len(lines.calls) == 3
    assert "/feeds/mine/<token>" in str(lines.calls)
    assert token[:20] not in str(lines.calls)
