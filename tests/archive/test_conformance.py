"""tus as a client understands it that somebody else wrote, against a real server."""

from __future__ import annotations

from pathlib import Path

import pytest
from resumable_upload import TusClient, TusCommunicationError

from archive.models import Recording, RecordingState
from tests.archive.conftest import Stage
from tests.archive.test_server import Server, server  # noqa: F401 - fixtures


@pytest.fixture(params=[False, "sha1", "sha256"])
def client(server: Server, stage: Stage, request: pytest.FixtureRequest) -> TusClient:  # noqa: F811
    """Without checksums, and with each kind of them on every piece."""
    cookie = stage.world.client(stage.staff).get_cookie("session")
    assert cookie is not None
    home = f"http://127.0.0.1:{server.port}"
    headers = {"Cookie": f"session={cookie.value}", "Origin": home}
    return TusClient(f"{home}/uploads", checksum=request.param, headers=headers, max_retries=0)


def metadata(recording: Recording) -> dict[str, str]:
    return {"recording": str(recording.pid), "filename": "α.mp4"}


def test_in_pieces_with_a_new_client_in_the_middle(client: TusClient, stage: Stage, media: dict[str, Path]) -> None:
    recording, file = stage.recording(), str(media["mp4"])
    third = media["mp4"].stat().st_size // 3
    with client.create_uploader(file, metadata=metadata(recording), chunk_size=third) as first:
        place = first.upload(stop_at=third)
    with client.create_uploader(file, upload_url=place, chunk_size=third) as second:
        assert second.offset == third
        second.upload()
    stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE
    (original,) = (stage.media_dir / str(recording.pid) / "original").iterdir()
    assert original.read_bytes() == media["mp4"].read_bytes()


def test_what_was_deleted_is_gone(client: TusClient, stage: Stage, media: dict[str, Path]) -> None:
    file = str(media["mp4"])
    with client.create_uploader(file, metadata=metadata(stage.recording()), chunk_size=1000) as uploader:
        uploader.upload_chunk()
        client.delete_upload(uploader.url)
    with pytest.raises(TusCommunicationError, match="404"):
        client.create_uploader(file, upload_url=uploader.url)
