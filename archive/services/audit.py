"""Comparing every file with its SHA-256, each within thirty days; what is damaged is mended, or said aloud."""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flask_babel import force_locale, gettext
from sqlalchemy import update

from archive import manifests
from archive.models import Asset, AssetState
from archive.pipeline import again
from archive.queries import keeping
from archive.services import manifest, mirroring
from core import mail
from core.db import db, utcnow
from core.log import log
from core.storage import storage

ROUND = dt.timedelta(days=20)  # each file once in this time: within thirty days, also after ten without power
BATCH = 8 << 30  # bytes that are compared in a day, however little there is in all
BROKEN = (AssetState.CORRUPT, AssetState.MISSING)


@dataclass
class Found:
    """What an audit saw: how many files it compared, and the keys of those that were wrong."""

    compared: int = 0
    mended: list[str] = field(default_factory=list)  # brought back from the mirror
    remade: list[str] = field(default_factory=list)  # being made anew
    lost: list[str] = field(default_factory=list)  # nobody has a whole copy


def everything() -> Found:
    """Compare every file now."""
    return _compare(keeping.unchecked(utcnow()))


def daily() -> Found:
    """Today's share: what is due in this round, and so many bytes that the round ends in time."""
    return _compare(_share(keeping.unchecked(utcnow() - ROUND)))


def _share(asset_ids: Iterable[int]) -> Iterator[int]:
    left = max(BATCH, keeping.bytes_kept() // (ROUND.days - 5))
    for number in asset_ids:
        if left <= 0:
            return
        yield number
        asset = db.session.get(Asset, number)
        left -= asset.bytes if asset else 0


def _compare(asset_ids: Iterable[int]) -> Found:
    found, recordings = Found(), set[int]()
    for number in asset_ids:
        asset = db.session.get(Asset, number, populate_existing=True)
        if asset is not None:
            _check(asset, found)
            recordings.add(asset.recording_id)
    manifest.enqueue(db.session(), recordings)
    db.session.commit()
    return found


def _check(asset: Asset, found: Found) -> None:
    """Compare one file and note the outcome, unless it was replaced meanwhile."""
    db.session.commit()  # nothing is held while gigabytes are read
    seen = _digest(asset.key)
    state = AssetState.MISSING if seen is None else AssetState.CORRUPT
    if seen == asset.sha256:
        state = AssetState.READY if asset.state in BROKEN else asset.state
    if not _note(asset, state):
        return
    found.compared += 1
    if state in BROKEN:
        log.error("damaged file", key=asset.key, role=asset.role.value, state=state.value)
        _mend(asset, found)


def _digest(key: str) -> str | None:
    """SHA-256 of what lies at KEY; "" when the disk can't read it, None when it is gone."""
    try:
        return mirroring.digest(storage().open(key))
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno != errno.EIO:
            raise  # the place can't be reached: that says nothing of the file
        return ""


def _note(asset: Asset, state: AssetState) -> bool:
    """Write down STATE as of now; False when the row speaks of another file by now."""
    same = (Asset.id == asset.id, Asset.key == asset.key, Asset.sha256 == asset.sha256)
    done = db.session.execute(update(Asset).where(*same).values(state=state, checked_at=utcnow()))
    db.session.commit()
    return done.rowcount == 1  # type: ignore[attr-defined]


def _mend(asset: Asset, found: Found) -> None:
    if asset.role not in manifests.SOURCES:
        again.make(asset)
        db.session.commit()
        found.remade.append(asset.key)
    elif mirroring.repair(asset):
        _note(asset, AssetState.READY)
        log.error("brought back from the mirror", key=asset.key)
        found.mended.append(asset.key)
        _tell(asset, mended=True)
    else:
        found.lost.append(asset.key)
        _tell(asset, mended=False)


def _tell(asset: Asset, *, mended: bool) -> None:
    """Write to the staff: an original doesn't get damaged by itself."""
    recording = keeping.whole(asset.recording_id)
    for person in keeping.keepers() if recording else []:
        with force_locale(person.locale):
            subject = gettext("A file of the archive is damaged")
        facts = {"recording": recording, "asset": asset, "mended": mended}
        mail.send(person.email, person.locale, subject, "archive/emails/damaged", **facts)
    db.session.commit()
