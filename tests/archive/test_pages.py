"""The pages: what stands on them, how many questions they ask the database, and their slots."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive import slots, verdicts
from archive.models import RecordingState, RecordingVisibility
from archive.reasons import Reason
from courses.models import Module
from tests.archive.conftest import Stage

PUBLIC = RecordingVisibility.PUBLIC


def test_the_list_asks_as_much_for_three_as_for_one(
    stage: Stage, media: dict[str, Path], queries: Callable[[], int]
) -> None:
    counts = []
    client = stage.world.client(stage.learner)
    for titles in (("Ένα",), ("Δύο", "Τρία")):
        for title in titles:
            stage.playable(media["mp4"], title_el=title)
        queries()
        page = client.get("/recordings").text
        counts.append(queries())
        assert all(title in page for title in titles)
    assert counts == [10, 10]


def test_a_page_with_many_questions_asks_the_same(
    stage: Stage, media: dict[str, Path], queries: Callable[[], int]
) -> None:
    recording = stage.playable(media["mp4"])
    client = stage.world.client(stage.learner)
    counts = []
    for number in (1, 2, 3):
        stage.ask(number, number * 3, answer="Ναι.")
        queries()
        client.get(f"/recordings/{recording.pid}")
        counts.append(queries())
    assert counts == [21, 21, 21]


def test_the_manage_list_asks_as_much_for_three_as_for_one(stage: Stage, queries: Callable[[], int]) -> None:
    client, counts = stage.world.client(stage.staff), []
    for titles in (("Ένα",), ("Δύο", "Τρία")):
        for title in titles:
            stage.recording(title_el=title)
        queries()
        client.get("/recordings/manage")
        counts.append(queries())
    assert counts == [7, 7]


def test_filters(stage: Stage, media: dict[str, Path]) -> None:
    stage.playable(media["mp4"], visibility=PUBLIC)
    client = stage.world.client()
    with stage.world.session() as session:
        theme = session.get_one(Module, stage.module_id).theme_id
        from courses.models import Theme
        from network.models import Organisation

        slug, organisation = session.get_one(Theme, theme).slug, session.query(Organisation.slug).scalar()
    assert "1 recording" in client.get(f"/recordings?theme={slug}&organisation={organisation}").text
    assert "No recording fits both choices." in client.get("/recordings?theme=none").text
    assert client.get("/recordings?page=99&theme=&organisation=").status_code == 200


def test_nothing_yet(stage: Stage) -> None:
    assert "No recording yet" in stage.world.client().get("/recordings").text


def test_every_refusal_has_its_sentence_in_both_languages(stage: Stage) -> None:
    recording = stage.recording(state=RecordingState.REJECTED, reason="cut 3165 7205")
    greek, english = stage.world.client(stage.staff, "el"), stage.world.client(stage.staff, "en")
    assert "Το αρχείο κόπηκε στο 52:45 από τα 2:00:05" in greek.get(f"/recordings/{recording.pid}/manage").text
    assert "The file was cut at 52:45 of 2:00:05" in english.get(f"/recordings/{recording.pid}/manage").text
    assert "The file was cut" in english.get("/recordings/manage").text
    assert set(verdicts.SENTENCES) == set(Reason)


def test_links_on_meetings_in_one_query(stage: Stage, media: dict[str, Path], queries: Callable[[], int]) -> None:
    recording = stage.playable(media["mp4"])
    from flask_login import login_user

    for user, expected in ((stage.learner, {stage.meeting.id}), (stage.stranger, set())):
        with stage.world.app.test_request_context():
            login_user(user)
            user.roles  # noqa: B018 - loaded with the person
            queries()
            links = slots.watch_links([stage.meeting])
            assert queries() == 1
        assert set(links) == expected
    with stage.world.app.test_request_context():
        assert slots.watch_links([]) == {}
    assert recording.pid


def test_recordings_of_a_module(stage: Stage, media: dict[str, Path]) -> None:
    stage.playable(media["mp4"])
    stage.playable(media["mp4"], visibility=PUBLIC, title_el="Δημόσια")
    module = stage.world.get(Module, stage.module_id)
    with stage.world.app.test_request_context():
        shown = slots.recordings_of(module) or ""
    assert "Δημόσια" in shown
    assert "Από το χωράφι στο πιάτο" not in shown


def test_it_plays_without_script(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    page = stage.world.client(stage.learner).get(f"/recordings/{recording.pid}").text
    assert "<video controls" in page
    assert f'<source src="/recordings/{recording.pid}/media/play" type="video/mp4">' in page
    assert "style=" not in page
    assert "<script>" not in page
