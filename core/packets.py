"""What sockets send, taken apart so that garbage is an unknown command and never a fault of ours.

The libraries raise on a frame they can't read and log where it came from; a stranger could fill the log.
"""

from __future__ import annotations

import json
from typing import Any

from engineio import packet as engine_packet
from socketio import packet as socket_packet

GARBAGE = "garbage"  # the name of a command that nobody handles: it gets the ack of unknown ones
READ = {socket_packet.CONNECT, socket_packet.DISCONNECT, socket_packet.EVENT, socket_packet.ACK}
# Names of what happens to a connection, and the mark of "any other": not for clients to call.
RESERVED = {"connect", "disconnect", "__disconnect_final", "*"}


class Utf8Json:
    """Greek as itself on the wire: half the bytes of the ASCII escapes that json.dumps makes."""

    @staticmethod
    def dumps(*args: Any, **kwargs: Any) -> str:
        kwargs.setdefault("separators", (",", ":"))
        return json.dumps(*args, ensure_ascii=False, **kwargs)

    @staticmethod
    def loads(text: str) -> Any:
        """The value of TEXT. Raises ValueError, also for brackets nested without end."""
        try:
            return json.loads(text)
        except RecursionError:
            raise ValueError(GARBAGE) from None


class Frame(socket_packet.Packet):
    """A Socket.IO packet; one that can't be read is the event GARBAGE."""

    json = Utf8Json

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.packet_type == socket_packet.EVENT and self.data is None:  # an empty one isn't even decoded
            self._spoilt()

    def decode(self, encoded_packet: Any) -> int:
        if not isinstance(encoded_packet, str):
            return self._spoilt()
        try:
            super().decode(encoded_packet)
        except (ValueError, TypeError, IndexError):
            return self._spoilt()
        return 0 if self._is_sound() else self._spoilt()

    def _is_sound(self) -> bool:
        if self.packet_type not in READ:  # binary ones too: nothing of ours sends them
            return False
        if self.packet_type == socket_packet.EVENT:
            named = isinstance(self.data, list) and self.data and isinstance(self.data[0], str)
            return bool(named and self.data[0] not in RESERVED)
        return self.packet_type != socket_packet.ACK or isinstance(self.data, list)

    def _spoilt(self) -> int:
        self.packet_type, self.data = socket_packet.EVENT, [GARBAGE]
        self.attachment_count = 0
        return 0


_decode = engine_packet.Packet.decode


def _forgiving(packet: Any, encoded: Any) -> None:
    """Engine.IO's own frames: what is none of them becomes one that it passes over."""
    try:
        _decode(packet, encoded)
    except ValueError:
        packet.packet_type, packet.data = engine_packet.NOOP, None


# The library makes its packets by name, so its class is the only place to stand.
engine_packet.Packet.decode = _forgiving
