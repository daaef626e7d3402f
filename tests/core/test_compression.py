"""Text is compressed for whoever can read that; parts of files, media and uploads keep their own bytes."""

from __future__ import annotations

import gzip

import brotli
import pytest
from flask import Response

from tests.world import World


@pytest.mark.parametrize(
    ("asked", "used"), [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("", None)]
)
def test_a_page_in_the_best_form_its_reader_knows(world: World, asked: str, used: str | None):
    plain = world.client(locale="el").get("/sign-in")
    answer = world.client(locale="el").get("/sign-in", headers={"Accept-Encoding": asked})

    read = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[used]
    assert answer.headers.get("Content-Encoding") == used
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert b"</html>" in read(answer.data)
    assert used is None or len(answer.data) < len(plain.data) / 2


def test_a_style_sheet_is_the_same_compressed_and_may_be_asked_for_in_parts(world: World):
    client = world.client()
    with (
        client.get("/static/css/base.css") as whole,
        client.get("/static/css/base.css", headers={"Accept-Encoding": "br"}) as packed,
        client.get("/static/css/base.css", headers={"Accept-Encoding": "br", "Range": "bytes=10-19"}) as part,
    ):
        assert packed.headers["Content-Encoding"] == "br"
        assert brotli.decompress(packed.data) == whole.data
        assert (part.status_code, part.data) == (206, whole.data[10:20])
        assert "Content-Encoding" not in part.headers


@pytest.mark.parametrize(
    ("path", "mimetype", "packed"),
    [
        ("/a.vtt", "text/vtt", True),
        ("/a.svg", "image/svg+xml", True),
        ("/a.mp4", "video/mp4", False),
        ("/a.woff2", "font/woff2", False),
        ("/a.jpg", "image/jpeg", False),
        ("/uploads/a", "application/json", False),
    ],
)
def test_text_only(world: World, path: str, mimetype: str, packed: bool):
    world.app.add_url_rule(path, path, lambda: Response("x" * 2000, mimetype=mimetype))

    answer = world.client().get(path, headers={"Accept-Encoding": "br"})

    assert ("Content-Encoding" in answer.headers) == packed
