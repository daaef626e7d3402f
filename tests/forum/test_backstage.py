"""Announcements, backstage notes, the projector's veto, and what the console's strip says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import update

from core.errors import DomainError
from forum import services
from forum.models import Announcement, RoomScreen
from forum.services import later, presence
from tests.forum.conftest import Table, earlier
from tests.forum.test_sockets import enrolled, lines


def projector(table: Table) -> Any:
    with table.world.app.app_context():
        key = services.projector_key(table.room())
    return table.inside(None, key=key)


def test_an_announcement_reaches_everybody_and_can_be_taken_back(table: Table) -> None:
    alice, host, wall = table.inside(table.alice), table.inside(table.host), projector(table)
    said = host("room:announce", body="Διάλειμμα δέκα λεπτών.", screen=1)["r"]["announcement"]
    for socket in (alice, wall):
        heard = [e["d"] for m in socket.heard() for e in m["l"]]
        assert [(d["body"], d["screen"], d.get("by")) for d in heard] == [("Διάλειμμα δέκα λεπτών.", True, None)]
    assert host.heard()[0]["l"][0]["d"]["by"] == table.host.short_name
    hello = table.socket(table.alice).hello(table.code)["r"]["snapshot"]
    assert [a["id"] for a in hello["announcements"]] == [said["id"]]
    for _twice in range(2):
        assert host("room:unannounce", aid=said["id"])["r"]["announcement"]["rev"] == 2
    assert [t for _st, _s, t in lines(alice.heard())] == ["room.unannounced"]
    assert table.socket(table.alice).hello(table.code)["r"]["snapshot"]["announcements"] == []


def test_announcing_works_before_the_room_opens_and_not_after_it_closed(table: Table) -> None:
    table.act(table.host, "room:close")
    with pytest.raises(DomainError) as refused:
        table.act(table.host, "room:announce", body="Αργά.")
    assert refused.value.code == "closed"
    with pytest.raises(DomainError) as refused:
        table.act(table.alice, "room:announce", body="Εγώ;")
    assert refused.value.code == "forbidden"


def test_notes_stay_backstage_with_receipts(table: Table) -> None:
    staff = table.world.stelios()
    alice, host, second, wall = (
        table.inside(table.alice), table.inside(table.host), table.inside(staff), projector(table),
    )
    note = second("note:send", body="Σε πέντε λεπτά κλείνουμε.")["r"]["note"]
    assert (note["rev"], note["by"], note["reads"]) == (1, staff.short_name, [])
    for _twice in range(2):
        read = host("note:read", nid=note["id"])["r"]["note"]
        assert [(seen["who"], seen["from"]) for seen in read["reads"]] == [
            (table.host.short_name, table.host.pid.hex[:12])
        ]
    assert second("note:read", nid=note["id"])["r"]["note"]["rev"] == 2, "one's own needs no receipt"
    assert [e["d"]["rev"] for m in host.heard() for e in m["l"]] == [1, 2]
    public = json.dumps([alice.frames(), wall.frames(), alice.hello(table.code)["r"]], ensure_ascii=False)
    assert "πέντε" not in public
    assert '"notes"' not in public
    assert alice("note:read", nid=note["id"])["err"] == "forbidden"
    snapshot = table.socket(table.host).hello(table.code)["r"]["snapshot"]
    assert [n["body"] for n in snapshot["notes"]] == ["Σε πέντε λεπτά κλείνουμε."]


def test_a_note_or_announcement_of_another_room_is_not_found(table: Table) -> None:
    from tests.forum.conftest import lay_table

    other = lay_table(table.world)
    nid = table.act(table.host, "note:send", body="Εδώ.")["note"]["id"]
    aid = table.act(table.host, "room:announce", body="Εδώ.")["announcement"]["id"]
    for command, args in (("note:read", {"nid": nid}), ("room:unannounce", {"aid": aid})):
        with pytest.raises(DomainError) as refused:
            other.act(other.host, command, **args)
        assert refused.value.code == "not_found"


def test_what_is_new_shows_two_seconds_later(table: Table) -> None:
    wall = projector(table)
    question = table.moderate("spotlight", table.asked())
    said = table.act(table.host, "room:announce", body="Καλώς ήρθατε.", screen=1)["announcement"]
    table.act(table.host, "room:announce", body="Μόνο στα κινητά.")
    first = wall("screen:due")["r"]
    assert (first["spot"], first["note"], 0 < first["ms"] <= 2001) == (None, None, True)
    earlier(table, 2)
    assert wall("screen:due")["r"] == {"spot": question["id"], "note": said["id"], "poll": None, "ms": None}


def test_what_is_stopped_in_time_was_never_seen(table: Table) -> None:
    host, wall = table.inside(table.host), projector(table)
    question = table.moderate("answering", table.asked())
    assert host("screen:clear")["r"] == {"id": question["id"], "stopped": True}
    earlier(table, 2)
    assert wall("screen:due")["r"]["spot"] is None
    assert host("screen:clear")["r"] == {"id": None, "stopped": False}
    table.moderate("spotlight", question)
    earlier(table, 2)
    assert wall("screen:due")["r"]["spot"] == question["id"]
    assert host("screen:clear")["r"]["stopped"] is False, "it was up already"


def test_a_poll_goes_up_two_seconds_later_unless_it_is_taken_down(table: Table) -> None:
    wall = projector(table)
    poll = table.act(table.host, "poll:save", kind="yesno", body="Ναι;")["p"]
    table.act(table.host, "poll:open", pid=poll["id"], rev=poll["rev"])
    first = wall("screen:due")["r"]
    assert (first["poll"], 0 < first["ms"] <= 2001) == (None, True)
    earlier(table, 2)
    assert wall("screen:due")["r"] == {"spot": None, "note": None, "poll": poll["id"], "ms": None}
    for on in (0, 1):
        table.act(table.host, "poll:show", pid=poll["id"], on=on)
        assert wall("screen:due")["r"]["poll"] is None


def test_blank_and_captions_reach_the_projector_and_last(table: Table) -> None:
    host, wall = table.inside(table.host), projector(table)
    for _twice in range(2):
        assert host("screen:blank", on=1)["r"] == {"rev": 2, "blank": True, "captions": False}
    host("screen:captions", on=1)
    assert [(e["t"], e["d"]["blank"], e["d"]["captions"]) for m in wall.heard() for e in m["l"]] == [
        ("room.screen", True, False), ("room.screen", True, True),
    ]
    assert projector(table).hello(table.code, key="x")["err"] == "not_found"
    assert table.socket(table.host).hello(table.code)["r"]["snapshot"]["screen"]["rev"] == 3
    assert table.inside(table.alice)("screen:blank", on=0)["err"] == "forbidden"


def sockets_of(person: Any) -> list[str]:
    return [sid for sid, guest in presence._guests.items() if guest.user_id == person.id]


def test_the_console_knows_who_broke_off_for_a_minute(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    host, vera = table.inside(table.host), enrolled(table)

    def away() -> list[int]:
        return [tick["away"] for tick in host.heard("tick") if "away" in tick]

    table.inside(vera), table.inside(vera)
    assert [presence.leave(sid, lost=True) for sid in sockets_of(vera)] == [None, table.room_id]
    later.again(table.room_id, "away", -1.0)
    assert away()[-1] == 1, "two devices are one person"
    table.inside(vera)
    assert away()[-1] == 0
    presence._gone[table.room_id] = {vera.id: 0.0}
    monkeypatch.setattr(presence.time, "monotonic", lambda: 10_000.0)
    assert presence.away(table.room_id) == (0, None)


def test_the_forms_without_script(table: Table) -> None:
    host = table.world.client(table.host)
    nid = table.act(table.world.stelios(), "note:send", body="Γεια.")["note"]["id"]
    for path, data in (
        ("announcements", {"body": "Καλώς ήρθατε.", "screen": "1"}),
        ("notes", {"body": "Έρχομαι."}),
        (f"notes/{nid}/read", {}),
        ("screen/blank", {"on": "1"}),
        ("screen/captions", {"on": "1"}),
        ("screen/clear", {}),
    ):
        assert host.post(f"/rooms/{table.code}/{path}", data=data).status_code == 303, path
    with table.world.session() as session:
        screen, said = session.query(RoomScreen).one(), session.query(Announcement).one()
        assert (screen.blank, screen.captions, said.on_screen) == (True, True, True)
        session.execute(update(Announcement).values(withdrawn_at=None))
    assert host.post(f"/rooms/{table.code}/announcements/{said.pid}/withdraw").status_code == 303
    assert host.post(f"/rooms/{table.code}/announcements", data={"body": " "}).status_code == 422


def test_the_pages_show_it_all_before_any_script(table: Table) -> None:
    vera = enrolled(table)
    for person in (vera, table.alice):
        table.act(person, "hand", up=1)
    table.act(table.alice, "pulse", level="fast")
    table.act(table.host, "room:announce", body="Καλώς ήρθατε όλοι.")
    table.act(table.world.stelios(), "note:send", body="Λίγο πιο αργά.")
    phone = table.world.client(table.alice).get(f"/rooms/{table.code}").text
    assert "You are number 2 in line." in phone
    assert phone.count("Καλώς ήρθατε όλοι.") == 2, "in the bar and in the list"
    assert re.findall(r'data-level="(\w+)" aria-pressed="true"', phone) == ["fast"]
    assert "Βέρα Ε." not in phone
    assert "Λίγο πιο αργά." not in phone
    console = table.world.client(table.host).get(f"/rooms/{table.code}/host").text
    assert re.findall(r"data-hand-name>([^<]+)<", console)[:2] == ["Βέρα Ε.", "Αλίκη Ε."]
    assert console.count("Λίγο πιο αργά.") == 2, "in the strip and in the list"


def test_the_projectors_first_picture_waits_too(table: Table) -> None:
    question = table.moderate("spotlight", table.asked(body="Μόλις ανέβηκε;"))
    table.act(table.host, "room:announce", body="Μόλις ειπώθηκε.", screen=1)
    with table.world.app.app_context():
        address = f"/rooms/{table.code}/screen?key={services.projector_key(table.room())}"
    nobody = table.world.client(None)
    fresh = nobody.get(address).text
    assert "data-spot-text></h1>" in fresh
    assert "Μόλις ειπώθηκε." not in fresh
    earlier(table, 2)
    shown = nobody.get(address).text
    assert f'data-spot-text>{question["body"]}</h1>' in shown
    assert "Μόλις ειπώθηκε." in shown
