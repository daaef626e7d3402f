"""Who is asking, as the index knows it: the circles they belong to, asked anew each time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

PUBLIC = "public"
EVERYTHING = "everything"  # the circle of those who may see all there is


@dataclass(frozen=True)
class Reader:
    """Somebody's circles; everybody is in PUBLIC."""

    circles: frozenset[str] = frozenset({PUBLIC})

    @property
    def sees_everything(self) -> bool:
        return EVERYTHING in self.circles

    def may(self, circles: Iterable[str]) -> bool:
        """Whether something for CIRCLES is for them."""
        return self.sees_everything or not self.circles.isdisjoint(circles)


_askers: list[Callable[[Any], Iterable[str]]] = []


def circles(of_user: Callable[[Any], Iterable[str]]) -> Callable[[Any], Iterable[str]]:
    """Register the decorated function: the circles of a signed-in user that an area knows of."""
    if of_user not in _askers:
        _askers.append(of_user)
    return of_user


def reader(user: Any) -> Reader:
    """USER (None for nobody) as a reader, from the database as it is now."""
    found = {PUBLIC}
    for of_user in _askers if user is not None else ():
        found.update(of_user(user))
        if EVERYTHING in found:
            break
    return Reader(frozenset(found))
