"""Frames that are none: an unknown command each, never an exception."""

from __future__ import annotations

import pytest
from engineio import packet as engine_packet
from socketio import packet as socket_packet

from core.packets import GARBAGE, Frame, Utf8Json

NESTED = "[" * 5000 + "]" * 5000
SPOILT = [
    "",
    "x",
    "2",
    "2/live,",
    "2/live,1",
    "2[]",
    "2{}",
    '2"text"',
    "2[{}]",
    '2[["a"]]',
    "2[1]",
    "2[nonsense",
    f'2/live,5["question:ask",{NESTED}]',
    f'2/live,5["question:ask",{"9" * 5000}]',
    '2["connect",{}]',
    '2["disconnect"]',
    '2["*"]',
    '51-["a",{"_placeholder":true,"num":0}]',
    '61-["a"]',
    "4",
    '4"x"',
    "7",
    "3",
    "3{}",
    "2/live," + "1" * 200,
    b"\xff\x00",
    {"a": 1},
    ["a"],
    None,
]


@pytest.mark.parametrize("sent", SPOILT)
def test_what_is_no_frame_is_garbage(sent: object):
    frame = Frame(encoded_packet=sent)

    assert (frame.packet_type, frame.data, frame.attachment_count) == (socket_packet.EVENT, [GARBAGE], 0)


def test_garbage_keeps_its_number_so_that_it_is_acknowledged():
    frame = Frame(encoded_packet="2/live,17[5]")

    assert (frame.namespace, frame.id) == ("/live", 17)


def test_a_sound_frame_is_read():
    frame = Frame(encoded_packet='2/live,3["question:ask",{"body":"Πώς;"}]')

    assert (frame.namespace, frame.id, frame.data) == ("/live", 3, ["question:ask", {"body": "Πώς;"}])


@pytest.mark.parametrize("sent", ["x", "", "b!", f"4{NESTED}"])
def test_the_engine_passes_over_what_it_cannot_read(sent: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine_packet.Packet, "json", Utf8Json)

    assert engine_packet.Packet(encoded_packet=sent).packet_type in {engine_packet.NOOP, engine_packet.MESSAGE}
