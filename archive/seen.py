"""How much of a recording somebody has seen: ten-second pieces as bits of a number.

A page says which pieces it played. It is believed as far as it can be true: nobody sees more
than SPEED seconds in a second, so pieces are paid from a credit that grows with the clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PIECE = 10  # seconds
SPEED = 3.0  # the fastest the player goes
START, MOST = 60.0, 300.0  # seconds of credit: of a newcomer, and at most
ENOUGH = 0.9  # of the recording's pieces


@dataclass(frozen=True)
class Account:
    """What is known: SEEN (hexadecimal bits) and the CREDIT in seconds."""

    seen: str
    credit: float


def pieces_of(duration: float) -> int:
    """How many pieces a recording of DURATION seconds has."""
    return max(1, math.ceil(duration / PIECE))


def add(account: Account, pieces: Iterable[int], elapsed: float, duration: float) -> Account:
    """The account after PIECES were claimed, ELAPSED seconds after the last claim."""
    bits = int(account.seen or "0", 16)
    credit = min(MOST, account.credit + max(0.0, elapsed) * SPEED)
    last = pieces_of(duration)
    for piece in sorted(set(pieces)):
        if 0 <= piece < last and not bits >> piece & 1 and credit >= PIECE:
            bits |= 1 << piece
            credit -= PIECE
    return Account(f"{bits:x}", credit)


def share(seen: str, duration: float, removed: Sequence[tuple[float, float]] = ()) -> float:
    """The part of the recording that was seen, 0 to 1. A piece that was REMOVED, all or nearly, counts nowhere."""
    last = pieces_of(duration)
    wanted = sum(1 << piece for piece in range(last) if not _is_gone(piece, duration, removed))
    return (int(seen or "0", 16) & wanted).bit_count() / max(1, wanted.bit_count())


def _is_gone(piece: int, duration: float, removed: Sequence[tuple[float, float]]) -> bool:
    """Whether so much of PIECE is skipped that no player could have played it (static/js/player-place.js)."""
    first, last = piece * PIECE, min((piece + 1) * PIECE, duration)
    gone = sum(max(0.0, min(last, end) - max(first, begin)) for begin, end in removed)
    return gone > 0.2 * (last - first)
