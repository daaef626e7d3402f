"""Calls that wait for the disk, beside the loop that serves everybody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gevent
from gevent.monkey import is_module_patched

T = TypeVar("T")


def apart(call: Callable[..., T], *args: Any) -> T:
    """What CALL answers: under gevent from a native thread, so that the loop goes on; else just called.

    CALL must touch nothing that belongs to the loop: no session, no lock, no queue.
    """
    if not is_module_patched("threading"):
        return call(*args)
    answer: T = gevent.get_hub().threadpool.apply(call, args)
    return answer
