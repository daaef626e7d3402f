"""A picture with a question: made anew, seen by whoever sees the question, gone with it."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select, update

from core.pictures import KEPT_BYTES, SENT_BYTES, NotAPicture, PictureTooLarge, made_anew
from forum import services
from forum.models import QuestionPicture
from forum.services import pictures
from tests.forum.conftest import Table, cid, statements_of
from tests.forum.test_sockets import enrolled

SECRET = "Οδός Καμελιών 7".encode()


def photo(size: tuple[int, int] = (900, 600), kind: str = "JPEG") -> bytes:
    """A photo as a phone makes it, with a place and an owner in its notes."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = SECRET.decode(), 6  # description; turned by a quarter
    exif.get_ifd(0x8825)[2] = (38.0, 14.0, 23.0)
    file = io.BytesIO()
    picture.save(file, kind, **({"exif": exif, "comment": SECRET} if kind == "JPEG" else {}))
    return file.getvalue()


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 30,000 by 30,000."""
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(30_001)))


def asked(table: Table, user: Any, vis: str = "name", raw: bytes | None = None, form: str | None = None) -> Any:
    """A question with a picture by plain form; its answer."""
    data = {"cid": form or cid(), "body": "Τι φυτό είναι;", "vis": vis, "alt": "Ένα φύλλο με κηλίδες"}
    file = (io.BytesIO(photo() if raw is None else raw), "IMG_2041.jpg")
    return table.world.client(user).post(f"/rooms/{table.code}/questions", data=data | {"picture": file})


def latest(table: Table) -> dict[str, Any]:
    return table.socket(table.host).hello(table.code)["r"]["snapshot"]["questions"][-1]


def status(table: Table, user: Any, question: dict[str, Any]) -> int:
    return table.world.client(user).get(f"/rooms/{table.code}/questions/{question['id']}/picture").status_code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_only_pixels_are_kept(kind: str) -> None:
    made = made_anew(photo((1600, 800), kind))
    again = Image.open(io.BytesIO(made.data))
    assert again.format == "WEBP"
    assert (made.width, made.height) == again.size
    assert again.size == ((640, 1280) if kind == "JPEG" else (1280, 640))  # upright
    assert set(again.info) <= {"loop", "background", "timestamp", "duration"}
    assert SECRET not in made.data
    assert len(made.data) <= KEPT_BYTES


def test_what_is_see_through_stands_on_white() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(file, "PNG")
    made = Image.open(io.BytesIO(made_anew(file.getvalue()).data)).convert("RGB")
    assert min(made.getpixel((20, 15))) > 250


@pytest.mark.parametrize("raw", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + bytes(50), bomb()])
def test_what_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAPicture):
        made_anew(raw)


def test_what_is_too_large_is_not_even_opened() -> None:
    with pytest.raises(PictureTooLarge):
        made_anew(bytes(SENT_BYTES + 1))


@pytest.mark.parametrize("vis", ["name", "none"])
def test_nobody_but_asker_and_moderators_sees_it_before_it_passes(table: Table, vis: str) -> None:
    assert asked(table, table.alice, vis).status_code == 303
    question, other = latest(table), enrolled(table)
    assert question["picture"]["alt"] == "Ένα φύλλο με κηλίδες"
    seen = [status(table, user, question) for user in (table.alice, table.host, other, table.stranger, None)]
    assert seen == [200, 200, 404, 404, 401]
    table.moderate("approve", question)
    assert [status(table, user, question) for user in (other, table.stranger)] == [200, 404]
    with table.world.session() as session:
        kept = session.scalars(select(QuestionPicture)).one()
        assert (kept.token, kept.waits_since) == (None, None)  # nothing tells who sent it, or when


def test_it_is_handed_out_so_that_nothing_in_it_can_act(table: Table) -> None:
    asked(table, table.alice)
    answer = table.world.client(table.host).get(f"/rooms/{table.code}/questions/{latest(table)['id']}/picture")
    assert answer.mimetype == "image/webp"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert len(answer.data) == latest(table)["picture"]["bytes"]


def test_a_projector_sees_it_with_its_key_once_it_is_public(table: Table) -> None:
    asked(table, table.alice)
    question = latest(table)
    with table.world.app.app_context():
        key = services.projector_key(table.room())
    at = f"/rooms/{table.code}/questions/{question['id']}/picture"
    screen = table.world.client(None)
    assert screen.get(at, query_string={"key": key}).status_code == 404
    table.moderate("approve", question)
    assert screen.get(at, query_string={"key": key}).status_code == 200
    assert screen.get(at, query_string={"key": key + "x"}).status_code == 401


def test_sent_first_then_asked_by_socket_and_both_twice(table: Table) -> None:
    alice, number = table.inside(table.alice), cid()
    for _click in range(2):
        data = {"cid": number, "alt": "Φύλλο", "picture": (io.BytesIO(photo()), "a.jpg")}
        sent = table.world.client(table.alice).post(f"/rooms/{table.code}/pictures", data=data)
        assert (sent.status_code, sent.json) == (200, {"ok": True})
    acks = [alice("question:ask", cid=number, body="Τι είναι;", vis="none", picture=1) for _click in range(2)]
    assert [ack["r"]["q"]["picture"]["alt"] for ack in acks] == ["Φύλλο", "Φύλλο"]
    with table.world.session() as session:
        assert session.query(QuestionPicture).count() == 1
    refused = table.inside(enrolled(table))("question:ask", cid=number, body="Δική μου;", vis="name", picture=1)
    assert (refused["ok"], refused["err"]) == (False, "invalid")  # nobody takes another's picture


def test_a_refused_picture_gives_the_text_back(table: Table) -> None:
    answer = asked(table, table.alice, raw=b"no")
    assert answer.status_code == 422
    for kept in ("This isn&#39;t a picture", "Τι φυτό είναι;", 'value="Ένα φύλλο με κηλίδες"'):
        assert kept in answer.text


def test_its_words_are_asked_for(table: Table) -> None:
    data = {"cid": cid(), "picture": (io.BytesIO(photo()), "a.jpg")}
    answer = table.world.client(table.alice).post(f"/rooms/{table.code}/pictures", data=data)
    assert (answer.status_code, answer.json["err"]) == (422, "invalid")
    assert "what the picture shows" in answer.json["msg"]


def test_moderators_take_it_away_put_it_back_and_undo(table: Table) -> None:
    asked(table, table.alice)
    question, other = table.moderate("approve", latest(table)), enrolled(table)
    watcher = table.inside(other)
    hidden = table.act(table.host, "question:moderate", qid=question["id"], rev=2, op="hide_picture")
    assert hidden["q"]["picture"]["hidden"] is True
    assert watcher.heard()[0]["l"][0]["d"]["picture"] is None
    assert [status(table, user, question) for user in (other, table.host)] == [404, 200]
    table.act(table.host, "room:undo", act=hidden["act"])
    assert status(table, other, question) == 200


def test_it_goes_with_its_question(table: Table) -> None:
    asked(table, table.alice)
    question = latest(table)
    table.act(table.alice, "question:withdraw", qid=question["id"])
    assert status(table, table.host, question) == 404
    with table.world.session() as session:
        assert session.query(QuestionPicture).count() == 0


def test_what_was_never_taken_along_is_forgotten(table: Table) -> None:
    def sends(user: Any) -> None:
        data = {"cid": cid(), "alt": "Φύλλο", "picture": (io.BytesIO(photo()), "a.jpg")}
        assert table.world.client(user).post(f"/rooms/{table.code}/pictures", data=data).status_code == 200

    sends(table.alice)
    with table.world.session() as session:
        session.execute(update(QuestionPicture).values(waits_since=QuestionPicture.waits_since))
        session.scalars(select(QuestionPicture)).one().waits_since -= pictures.WAITS
        session.commit()
    sends(enrolled(table))
    with table.world.session() as session:
        assert session.query(QuestionPicture).count() == 1


def test_the_archive_keeps_what_everybody_saw(table: Table) -> None:
    from forum.services import anonymity

    for user in (table.alice, enrolled(table)):
        asked(table, user)
    first = table.socket(table.host).hello(table.code)["r"]["snapshot"]["questions"][0]
    table.moderate("approve", first)
    table.moderate("dismiss", latest(table), reason="Όχι.")
    table.act(table.host, "room:close")
    with table.world.session() as session:
        anonymity.archive(session, session.get_one(type(table.room()), table.room_id))
        session.commit()
        assert [picture.alt for picture in session.scalars(select(QuestionPicture))] == ["Ένα φύλλο με κηλίδες"]


def test_lists_never_read_the_pictures_themselves(table: Table) -> None:
    asked(table, table.alice)
    table.moderate("approve", latest(table))
    client = table.world.client(table.host)
    with statements_of(table.world.app) as seen:
        page = client.get(f"/rooms/{table.code}/host").text
    assert "Ένα φύλλο με κηλίδες" in page
    assert not [sql for sql in seen if "question_pictures_1.data" in sql or "question_pictures.data" in sql]
