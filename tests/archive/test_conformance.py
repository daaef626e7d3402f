"""tus as tuspy understands it: a client that somebody else wrote, against a real server."""

from __future__ import annotations

from pathlib import Path

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from archive.models import RecordingState
from tests.archive.conftest import Stage
from tests.archive.test_server import Server, server  # noqa: F401 - fixtures


@pytest.fixture
def client(server: Server, stage: Stage) -> TusClient:  # noqa: F811
    cookie = stage.world.client(stage.staff).get_cookie("session")
    assert cookie is not None
    home = f"http://127.0.0.1:{server.port}"
    return TusClient(f"{home}/uploads", headers={"Cookie": f"session={cookie.value}", "Origin": home})


@pytest.mark.parametrize("checksum", [False, True])
def test_in_pieces_with_a_new_client_in_the_middle(
    client: TusClient, stage: Stage, media: dict[str, Path], checksum: bool
) -> None:
    """Each piece proven by its SHA-1, if asked; whoever comes later asks where to go on."""
    recording = stage.recording()
    third = media["mp4"].stat().st_size // 3
    facts = {"metadata": {"recording": str(recording.pid), "filename": "α.mp4"}, "upload_checksum": checksum}
    with media["mp4"].open("rb") as file:
        first = client.uploader(file_stream=file, chunk_size=third, **facts)
        first.upload(stop_at=third)
        second = client.uploader(file_stream=file, chunk_size=third, url=first.url, **facts)
        assert second.offset == third
        second.upload()
    stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE
    (original,) = (stage.media_dir / str(recording.pid) / "original").iterdir()
    assert original.read_bytes() == media["mp4"].read_bytes()


def test_the_client_hears_refusals(client: TusClient, stage: Stage, media: dict[str, Path]) -> None:
    with media["mp4"].open("rb") as file:
        nowhere = client.uploader(file_stream=file, metadata={"recording": "none"})
        with pytest.raises(TusCommunicationError, match="404"):
            nowhere.upload_chunk()
        with pytest.raises(TusCommunicationError, match="404"):
            client.uploader(file_stream=file, url=f"{client.url}/{'0' * 32}")
