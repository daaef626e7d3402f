"""A real server, and connections that break in every way there is: the file arrives whole and little is sent again."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from archive.models import Upload
from bench.sender import Sender, broken_upload, digest, noise
from tests.archive.conftest import Stage
from tests.archive.test_server import Server, server  # noqa: F401 - fixtures

BREAKS = int(os.environ.get("BREAKS", "10"))
SIZE = int(os.environ.get("MEGABYTES", "24")) * 1_000_000
LOST = (1 << 20) + 128 * 1024  # a break may cost a mebibyte and a block


def sender_of(server: Server, stage: Stage, file: Path, pid: str = "") -> Sender:  # noqa: F811
    cookie = stage.world.client(stage.staff).get_cookie("session")
    assert cookie is not None
    return Sender(server.port, f"session={cookie.value}", pid or str(stage.recording().pid), file)


def arrived(stage: Stage, sender: Sender) -> Path:
    return stage.media_dir / "uploads" / f"{sender.place.rsplit('/', 1)[1]}.part"


def test_random_breaks_and_an_identical_file(server: Server, stage: Stage, tmp_path: Path) -> None:  # noqa: F811
    file = noise(tmp_path / "film", SIZE)
    sender = sender_of(server, stage, file)

    def kill() -> None:
        server.kill()
        server.start()

    def restart() -> None:
        server.stop()
        server.start()

    breaks = broken_upload(sender, BREAKS, {"kill": kill, "restart": restart}, seed=BREAKS)
    assert {one.how for one in breaks} == {"fin", "rst", "stall", "kill", "restart"}
    assert digest(arrived(stage, sender)) == digest(file)
    assert [one for one in breaks if one.again > LOST] == []


def test_two_windows_send_the_same_file_at_once(server: Server, stage: Stage, tmp_path: Path) -> None:  # noqa: F811
    """Each is stopped by the other again and again; what arrives is the file all the same."""
    file = noise(tmp_path / "film", 6_000_000)
    pid = str(stage.recording().pid)
    one, other = sender_of(server, stage, file, pid), sender_of(server, stage, file, pid)
    assert one.place == other.place
    answers: list[int] = []

    def send(sender: Sender) -> None:
        while (at := sender.offset()) < sender.size:
            try:
                answers.append(sender.finish(at))
            except ConnectionError:
                answers.append(0)

    windows = [threading.Thread(target=send, args=(sender,)) for sender in (one, other)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert 204 in answers
    assert set(answers) <= {0, 204, 404, 409}  # 404: it was whole meanwhile
    assert digest(arrived(stage, one)) == digest(file)
    with stage.world.session() as session:
        assert session.get_one(Upload, one.place.rsplit("/", 1)[1]).state == "received"


def test_a_guessed_address_is_nobodys(server: Server, stage: Stage, tmp_path: Path) -> None:  # noqa: F811
    file = noise(tmp_path / "film", 100_000)
    sender = sender_of(server, stage, file)
    cookie = stage.world.client(stage.stranger).get_cookie("session")
    assert cookie is not None
    sender.headers["Cookie"] = f"session={cookie.value}"
    for place in (sender.place, f"/uploads/{'0' * 32}"):
        assert sender.ask("HEAD", place, {}).status == 404
        assert sender.ask("DELETE", place, {}).status == 404
        assert sender.ask("POST", f"{place}/digest", {"Upload-Digest": "sha256 AAAA"}).status == 404
    assert sender.finish(0) == 404
    assert not arrived(stage, sender).exists()


def test_a_begin_clicked_three_times_at_once(server: Server, stage: Stage, tmp_path: Path) -> None:  # noqa: F811
    file, pid, places = noise(tmp_path / "film", 100_000), str(stage.recording().pid), list[str]()
    clicks = [
        threading.Thread(target=lambda: places.append(sender_of(server, stage, file, pid).place)) for _ in range(3)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(places) == 3
    assert len(set(places)) == 1
    with stage.world.session() as session:
        assert session.query(Upload).count() == 1
