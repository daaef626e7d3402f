"""Pictures that people send: made anew by a process of their own, never kept as they came."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from flask_babel import lazy_gettext as _l

from core.errors import DomainError

ROOT = Path(__file__).resolve().parent.parent
MIMETYPE = "image/webp"
SENT_BYTES = 2 << 20  # of what people send
KEPT_BYTES = 600_000  # of what is kept; usually half of it, see repaint.py
SECONDS = 15.0
AT_ONCE = 2  # decoders of this process

_turns = BoundedSemaphore(AT_ONCE)


class NotAPicture(DomainError):
    code = "invalid"
    status = 422
    message = _l("This isn't a picture that can be shown. Send a JPEG, PNG or WebP.")


class PictureTooLarge(DomainError):
    code = "too_long"
    status = 422
    message = _l("The picture is larger than 2 MB. Send a smaller one.")


@dataclass(frozen=True)
class Picture:
    """A picture of ours: WebP, its size in pixels."""

    data: bytes
    width: int
    height: int


def made_anew(raw: bytes) -> Picture:
    """RAW (JPEG, PNG or WebP, at most SENT_BYTES) as pixels and nothing else. Raises PictureTooLarge, NotAPicture."""
    if len(raw) > SENT_BYTES:
        raise PictureTooLarge
    with _turns:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "core.repaint"],
                input=raw,
                capture_output=True,
                timeout=SECONDS,
                cwd=ROOT,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                start_new_session=True,
                check=False,
            )
        except subprocess.TimeoutExpired as expired:
            raise NotAPicture from expired
    return _read(done.returncode, done.stdout)


def _read(code: int, out: bytes) -> Picture:
    """What the process said, believed only as far as it can be checked."""
    first, _newline, data = out.partition(b"\n")
    if code != 0 or not (data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) <= KEPT_BYTES):
        raise NotAPicture
    width, height = json.loads(first)
    return Picture(data, int(width), int(height))
