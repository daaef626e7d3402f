"""A question that is said: the real recogniser writes it down, nothing of the sound stays, the person sends it."""

from __future__ import annotations

import io
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from archive.services import dictation
from forum.models import Question, Room, RoomBan, RoomState
from tests.archive.conftest import Stage, make
from tests.archive.test_recognise import HEARD, SAID, WRAPPER, settings
from tests.archive.test_server import Server
from tests.browser import CHROMIUM, FLAGS
from tests.conftest import need
from tests.journeys.test_axe_states import grave

COMMAND = shlex.join([*WRAPPER, "{wav}"])


@pytest.fixture(scope="session")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SAID, by a machine's voice."""
    need(shutil.which("flite") is not None, "flite")
    need(find_spec("pocketsphinx") is not None, "PocketSphinx")
    spoken = tmp_path_factory.mktemp("voice") / "voice.wav"
    subprocess.run(["flite", "-voice", "rms", "-t", SAID, "-o", str(spoken)], check=True)
    return spoken


@pytest.fixture
def room(stage: Stage) -> Room:
    """The room of the stage's meeting, open, with a recogniser of English."""
    settings(stage, ASR_COMMAND=COMMAND)
    with stage.world.session() as session:
        found = session.query(Room).filter_by(meeting_id=stage.meeting.id).one()
        found.state = RoomState.OPEN
        session.commit()
        session.expunge_all()
    return found


def say(stage: Stage, room: Room, user: Any, sound: bytes) -> Any:
    client = stage.world.client(user)
    return client.post(f"/rooms/{room.code}/dictation", data={"sound": (io.BytesIO(sound), "sound")})


def phone(target: Path, *sound: str, kind: tuple[str, ...] = ("-c:a", "libopus")) -> bytes:
    """What a phone's browser would send of SOUND."""
    return make(target, *sound, "-ac", "1", "-b:a", "24k", *kind).read_bytes()


@pytest.mark.parametrize(("ending", "kind"), [("webm", ("-c:a", "libopus")), ("mp4", ("-c:a", "aac"))])
def test_the_words_come_back_and_the_sound_is_gone(
    stage: Stage, room: Room, voice: Path, tmp_path: Path, ending: str, kind: tuple[str, ...]
) -> None:
    sound = phone(tmp_path / f"said.{ending}", "-i", str(voice), kind=kind)
    assert len(sound) < dictation.LARGEST // 4

    answer = say(stage, room, stage.learner, sound)

    assert answer.status_code == 200
    assert len(HEARD & set(answer.json["text"].split())) >= 6
    assert list((stage.media_dir / "work").iterdir()) == []
    with stage.world.session() as session:
        assert session.query(Question).count() == 0


def test_silence_is_no_words(stage: Stage, room: Room, tmp_path: Path) -> None:
    silence = phone(tmp_path / "silence.webm", "-f", "lavfi", "-i", "anullsrc=d=3")
    assert say(stage, room, stage.learner, silence).json == {"ok": True, "text": ""}


def test_who_may_not_ask_may_not_say_it(stage: Stage, room: Room, media: dict[str, Path]) -> None:
    sound = media["mp3"].read_bytes()
    people = (stage.stranger, 404), (stage.world.chara(), 404), (None, 401)
    assert [say(stage, room, user, sound).status_code for user, _ in people] == [status for _, status in people]
    question = stage.ask(1, 100)
    with stage.world.session() as session:
        session.add(RoomBan(question_id=question.id, room_id=room.id, user_id=stage.learner.id))
        session.commit()
    banned = say(stage, room, stage.learner, sound)
    assert (banned.status_code, banned.json["err"]) == (403, "forbidden")
    with stage.world.session() as session:
        session.get_one(Room, room.id).state = RoomState.CLOSED
        session.commit()
    closed = say(stage, room, stage.host, sound)
    assert (closed.status_code, closed.json["err"]) == (409, "closed")


@pytest.mark.parametrize(
    "sound", [b"", b"no sound at all", b"#EXTM3U\n/etc/passwd\n", bytes(dictation.LARGEST + 1)],
    ids=["empty", "text", "playlist", "large"],
)
def test_what_is_no_speech_is_refused_with_a_sentence(stage: Stage, room: Room, sound: bytes) -> None:
    answer = say(stage, room, stage.learner, sound)
    answer.request.input_stream.close()  # what is large waits in a file
    assert (answer.status_code, answer.json["err"]) == (422, "invalid")
    assert "type it" in answer.json["msg"]
    work = stage.media_dir / "work"
    assert not work.exists() or list(work.iterdir()) == []


def test_one_is_written_down_at_a_time(stage: Stage, room: Room, media: dict[str, Path]) -> None:
    with dictation._turn:
        answer = say(stage, room, stage.learner, media["mp3"].read_bytes())
    assert (answer.status_code, answer.json["err"], answer.json["retry_ms"]) == (503, "busy", dictation.RETRY_MS)


def test_only_a_room_with_a_recogniser_asks_for_the_microphone(stage: Stage, room: Room) -> None:
    def page(user: Any, path: str) -> tuple[bool, bool]:
        answer = stage.world.client(user).get(path)
        return "data-dictation" in answer.text, "microphone=(self)" in answer.headers["Permissions-Policy"]

    assert page(stage.learner, f"/rooms/{room.code}") == (True, True)
    assert page(stage.learner, "/me") == (False, False)
    settings(stage, ASR_COMMAND="")
    assert page(stage.learner, f"/rooms/{room.code}") == (False, False)
    assert say(stage, room, stage.learner, b"x").status_code == 404


@pytest.fixture
def speaker(
    stage: Stage, room: Room, voice: Path, chromium: Browser, tmp_path: Path, database_url: str
) -> Iterator[Page]:
    """The learner's phone, whose microphone hears the voice again and again."""
    server = Server(stage, tmp_path, database_url)
    server.environment |= {"ASR_COMMAND": COMMAND, "ASR_LANGUAGES": "en"}
    server.start()
    heard = make(tmp_path / "heard.wav", "-i", str(voice), "-ar", "48000")
    fake = ("device-for-media-stream", "ui-for-media-stream", f"file-for-fake-audio-capture={heard}")
    args = [*FLAGS, *(f"--use-fake-{switch}".replace("fake-file", "file") for switch in fake)]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=args)
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", viewport={"width": 360, "height": 740})
    cookie = stage.world.client(stage.learner).get_cookie("session")
    assert cookie is not None
    context.add_cookies([{"name": "session", "value": cookie.value, "url": f"http://127.0.0.1:{server.port}"}])
    page = context.new_page()
    page.goto(f"/rooms/{room.code}")
    yield page
    browser.close()
    server.kill()


@pytest.mark.browser
def test_a_question_is_said_read_and_sent(speaker: Page, stage: Stage) -> None:
    speaker.locator("[data-open-compose]").click()
    speaker.fill("#body", "Εδώ:")
    part = speaker.locator("[data-dictation]")
    part.get_by_role("button", name="Say it instead of typing").click()
    expect(part.get_by_text("Speak now.")).to_be_visible()
    assert grave(speaker) == []
    speaker.wait_for_timeout(8000)  # as long as the voice speaks
    speaker.keyboard.press("Enter")  # the button that stops it has the focus
    expect(part.get_by_text("Written above.")).to_be_visible(timeout=60_000)
    assert grave(speaker) == []
    words = speaker.input_value("#body")
    assert words.startswith("Εδώ: ")
    assert len(HEARD & set(words.split())) >= 4
    expect(speaker.locator("#body")).to_be_focused()

    speaker.locator("[data-compose] button[type=submit]:not([formaction])").click()
    mine = speaker.locator("[data-panel=mine] [data-q]", has_text=words)
    expect(mine.locator("[data-chip]")).to_contain_text("waits to be let through")
    with stage.world.session() as session:
        assert session.query(Question).one().body == words


@pytest.mark.browser
def test_a_sound_that_did_not_arrive_is_kept_and_sent_again(speaker: Page) -> None:
    speaker.locator("[data-open-compose]").click()
    part = speaker.locator("[data-dictation]")
    part.locator("[data-dictation-begin]").click()
    expect(part.get_by_text("Speak now.")).to_be_visible()
    speaker.wait_for_timeout(8000)
    speaker.context.set_offline(True)
    part.locator("[data-dictation-stop]").click()
    expect(part.get_by_text("It is kept here")).to_be_visible()
    speaker.context.set_offline(False)
    part.get_by_role("button", name="Send the sound again").click()
    expect(part.get_by_text("Written above.")).to_be_visible(timeout=60_000)
    assert len(HEARD & set(speaker.input_value("#body").split())) >= 4
