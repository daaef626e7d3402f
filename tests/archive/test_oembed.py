"""Public recordings in pages of other sites, and what search engines read."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from archive.models import Recording, RecordingVisibility
from core.headers import CONTENT_SECURITY_POLICY
from tests.archive.conftest import Stage

PUBLIC = RecordingVisibility.PUBLIC


@pytest.fixture
def public(stage: Stage, media: dict[str, Path]) -> Recording:
    stage.ask(1, 3)
    return stage.playable(media["mp4"], visibility=PUBLIC, starts_at=stage.meeting.starts_at)


def ask(client: Any, address: str, **more: Any) -> Any:
    return client.get("/oembed", query_string={"url": address, **more})


def test_what_oembed_tells(stage: Stage, public: Recording) -> None:
    page = f"http://localhost/recordings/{public.pid}"
    answer = ask(stage.world.client(locale="el"), page)
    told = answer.get_json()
    names = ("version", "type", "title", "provider_name", "width", "height", "license")
    assert {name: told[name] for name in names} == {
        "version": "1.0", "type": "video", "title": "Από το χωράφι στο πιάτο", "provider_name": "Μέντορες",
        "width": 640, "height": 460, "license": "CC BY-SA 4.0",
    }
    assert f'<iframe src="{page}/embed" width="640" height="460" title="Από το χωράφι στο πιάτο"' in told["html"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    small = ask(stage.world.client(), page, maxwidth=320, maxheight=300).get_json()
    assert (small["width"], small["height"]) == (320, 230)
    written = ET.fromstring(ask(stage.world.client(locale="el"), page, format="xml").data)  # noqa: S314 - ours
    assert {part.tag: part.text for part in written} == {name: str(value) for name, value in told.items()}


def test_what_isnt_public_is_refused(stage: Stage, public: Recording, media: dict[str, Path]) -> None:
    hidden = f"http://localhost/recordings/{stage.playable(media['mp4']).pid}"
    everybodys = f"http://localhost/recordings/{public.pid}"
    nobody, stranger, learner = (stage.world.client(who) for who in (None, stage.stranger, stage.learner))
    assert [ask(client, hidden).status_code for client in (nobody, stranger, learner)] == [404, 404, 401]
    for wrong in ("", "x", "http://[", "http://elsewhere.example/recordings", "http://localhost/recordings",
                  everybodys.replace("localhost", "elsewhere.example"), f"{everybodys}/manage"):
        assert ask(nobody, wrong).status_code == 404, wrong
    assert ask(nobody, everybodys, format="yaml").status_code == 501
    for client in (nobody, stranger, learner):
        assert client.get(f"{hidden}/embed").status_code == 404


def test_only_the_embedded_page_may_be_framed_and_it_needs_no_cookie(stage: Stage, public: Recording) -> None:
    client = stage.world.app.test_client()
    page = client.get(f"/recordings/{public.pid}/embed")
    assert "Set-Cookie" not in page.headers
    assert "csrf" not in page.text
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    for path in (f"/recordings/{public.pid}", "/recordings", "/recordings/feeds"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_the_page_names_its_oembed_and_its_licence(stage: Stage, public: Recording, media: dict[str, Path]) -> None:
    page = stage.world.client().get(f"/recordings/{public.pid}").text
    link = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)
    assert link is not None
    address = link[1].replace("&amp;", "&")
    assert stage.world.client().get(address).get_json()["title"] == "Από το χωράφι στο πιάτο"
    assert '<a rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/">CC BY-SA 4.0</a>' in page
    hidden = stage.world.client(stage.learner).get(f"/recordings/{stage.playable(media['mp4']).pid}").text
    assert "oembed" not in hidden
    assert "ld+json" not in hidden


def test_search_engines_read_each_question_as_a_part(stage: Stage, public: Recording) -> None:
    page = stage.world.client().get(f"/recordings/{public.pid}").text
    written = re.search(r'(?s)<script type="application/ld\+json">(.*?)</script>', page)
    assert written is not None
    told = json.loads(written[1])
    assert (told["@type"], told["duration"], told["inLanguage"]) == ("VideoObject", "PT12S", "el")
    assert told["license"] == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert told["hasPart"] == [
        {"@type": "Clip", "name": "Ερώτηση 1;", "startOffset": 3, "endOffset": 5,
         "url": f"http://localhost/recordings/{public.pid}?t=3"}
    ]


def test_a_title_can_end_no_script(stage: Stage, media: dict[str, Path]) -> None:
    bad = "</script><script>alert(1)</script>"
    found = stage.playable(media["mp4"], visibility=PUBLIC, title_el=bad)
    page = stage.world.client().get(f"/recordings/{found.pid}").text
    assert "<script>alert" not in page
    told = ask(stage.world.client(), f"http://localhost/recordings/{found.pid}").get_json()
    assert "<script>" not in told["html"]
    assert told["title"] == bad
