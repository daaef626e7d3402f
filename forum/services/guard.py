"""Nobody's slow connection takes memory or time from the others.

Once a second: whoever is behind hears no ticks until they caught up, and then the values that they missed; whoever is
far behind, or takes nothing for seconds, is cut off. They come back by themselves and are told what they missed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from core.fanout import WiredSocket
from core.live import NAMESPACE, socketio
from forum.protocol import Audience, audience
from forum.services import presence
from forum.services.metrics import meter

BEHIND = 50  # packets that wait: no more ticks
FAR = 300  # packets that wait: cut off
STUCK = 8.0  # seconds in which nothing could be sent: cut off


class Guard:
    """Who hears no ticks at the moment, and what those told meanwhile."""

    def __init__(self) -> None:
        self.quiet: dict[str, int] = {}  # {socket: room}
        self.missed: dict[int, dict[str, set[Any]]] = {}

    def look(self) -> dict[int, dict[str, set[Any]]]:
        """Look at every socket once; {room: what must be told again} for those who caught up."""
        again: dict[int, dict[str, set[Any]]] = {}
        for engine_id, client in list(socketio.server.eio.sockets.items()):
            number, seconds = client.behind() if isinstance(client, WiredSocket) else (0, 0.0)
            sid = socketio.server.manager.sid_from_eio_sid(engine_id, NAMESPACE) if number or self.quiet else None
            if number > FAR or seconds > STUCK:
                cut(client)
            elif sid and number > BEHIND:
                self._hush(sid)
            elif not number and sid in self.quiet:
                room_id = self._hear_again(sid)
                again[room_id] = self.missed.get(room_id, {})
        self._forget()
        return again

    def told(self, room_id: int, changed: dict[str, set[Any]]) -> None:
        """A tick of CHANGED goes out: who is quiet misses it."""
        if room_id in self.missed:
            for kind, what in changed.items():
                self.missed[room_id][kind] |= what

    def _hush(self, sid: str) -> None:
        guest = presence.find(sid)
        if sid in self.quiet or guest is None or guest.room_id is None:
            return
        self.quiet[sid] = guest.room_id
        self.missed.setdefault(guest.room_id, defaultdict(set))
        socketio.server.leave_room(sid, audience(guest.room_id, Audience.TICK), namespace=NAMESPACE)
        meter("guard", "without ticks")

    def _hear_again(self, sid: str) -> int:
        room_id = self.quiet.pop(sid)
        guest = presence.find(sid)
        if guest is not None and guest.room_id == room_id:
            socketio.server.enter_room(sid, audience(room_id, Audience.TICK), namespace=NAMESPACE)
            meter("guard", "caught up")
        return room_id

    def _forget(self) -> None:
        self.quiet = {sid: room_id for sid, room_id in self.quiet.items() if presence.find(sid) is not None}
        self.missed = {room_id: told for room_id, told in self.missed.items() if room_id in self.quiet.values()}


def cut(client: Any) -> None:
    """End a connection that takes nothing any more, with all that waits for it."""
    meter("guard", "cut off")
    client.close(wait=False, abort=True)
