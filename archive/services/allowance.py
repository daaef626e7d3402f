"""How large a file may be, how many may be on their way, and whether the disk has room for one more."""

from __future__ import annotations

import shutil

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from accounts.models import User
from archive.models import Recording
from archive.parts import folder, part_of
from archive.queries import uploads
from archive.queries.uploads import Sender
from core.errors import DomainError

SETTINGS = {
    Sender.STAFF: "UPLOAD_MAX_BYTES",
    Sender.ORGANISATION: "UPLOAD_MAX_BYTES_ORGANISATION",
    Sender.MENTOR: "UPLOAD_MAX_BYTES_MENTOR",
}
MADE = 0.3  # of a file's length: what is made of it


class TooLarge(DomainError):
    code = "too_large"
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(_l("At most %(limit)s GB can be sent.", limit=round(limit / 1e9, 1)), limit=limit)


class TooManyBegun(DomainError):
    code = "too_many"
    status = 429

    def __init__(self, most: int) -> None:
        message = lazy_ngettext(
            "%(num)d file of yours is half sent. Finish it or drop it, then begin this one.",
            "%(num)d files of yours are half sent. Finish one or drop it, then begin this one.",
            most,
        )
        super().__init__(message, most=most)


class OrganisationFull(DomainError):
    code = "organisation_full"
    status = 507

    def __init__(self, limit: int) -> None:
        super().__init__(
            _l(
                "At most %(limit)s GB can be on their way for one organisation. "
                "Begin when another file of yours has arrived.",
                limit=round(limit / 1e9, 1),
            ),
            limit=limit,
        )


class NoRoom(DomainError):
    code = "no_room"
    status = 507

    def __init__(self, needed: int) -> None:
        super().__init__(
            _l("There isn't room for it now: %(needed)s GB are missing. Tell the programme's staff.")
            % {"needed": max(0.1, round(needed / 1e9, 1))},
            needed=needed,
        )


def largest(user: User | None) -> int | None:
    """The largest file that USER may send, in bytes; None for those who may send none."""
    part = uploads.sender(user)
    if part is None:
        return None
    return min(int(current_app.config[SETTINGS[part]]), int(current_app.config["UPLOAD_MAX_BYTES"]))


def check(user: User, recording: Recording, length: int) -> None:
    """Whether USER may begin to send LENGTH bytes for RECORDING; raises TooLarge, TooManyBegun, OrganisationFull."""
    if length > (limit := largest(user) or 0):
        raise TooLarge(limit)
    if uploads.count_begun(user, recording) >= (most := current_app.config["UPLOADS_PER_PERSON"]):
        raise TooManyBegun(most)
    limit = current_app.config["UPLOAD_BYTES_PER_ORGANISATION"]
    if uploads.bytes_on_the_way(recording) + length > limit:
        raise OrganisationFull(limit)


def reserve(length: int) -> None:
    """Whether the disk takes LENGTH bytes, what is made of them, all that was promised room, and the floor."""
    folder().mkdir(parents=True, exist_ok=True)
    disk = shutil.disk_usage(folder())
    coming = sum(upload.length - part_of(upload.id).offset for upload in uploads.all_open())
    share = disk.total * int(current_app.config["DISK_FLOOR_PERCENT"]) // 100
    floor = max(int(current_app.config["DISK_FLOOR_BYTES"]), share)
    spare = disk.free - coming - floor
    needed = int(length * (1 + MADE))
    if needed > spare:
        raise NoRoom(needed - spare)
