"""What lies in storage and nobody speaks of: files that were replaced, and what killed runs left behind."""

from __future__ import annotations

import datetime as dt
import shutil

from archive.queries import keeping
from core.db import db, utcnow
from core.storage import Kept, storage

AGE = dt.timedelta(days=1)  # a file lies before its row is written; a run that old was killed


def sweep() -> list[str]:
    """Delete files that no row speaks of, and the workspaces of runs that ended; their keys and names."""
    return [*_unfinished(), *_unspoken()]


def _unspoken() -> list[str]:
    old = [file for file in storage().files() if _may_go(file)]
    db.session.rollback()  # what is spoken of is looked up after the files: a row comes before its file is a day old
    gone = [file.key for file in old if file.key not in keeping.keys_in_use()]
    for key in gone:
        storage().delete(key)
    return gone


def _may_go(file: Kept) -> bool:
    """Made files of an earlier day. Originals and what describes them are never candidates, whatever the rows say."""
    _pid, _, rest = file.key.partition("/")
    return file.at < utcnow() - AGE and rest.startswith(("r/", "text/"))  # as archive/pipeline/files.py names them


def _unfinished() -> list[str]:
    """What is being made is written to; what was not for a day is nobody's."""
    gone = []
    for path in storage().scratch().iterdir():
        newest = max((p.stat().st_mtime for p in (path, *path.rglob("*"))), default=0)
        if newest < (utcnow() - AGE).timestamp():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            gone.append(f"work/{path.name}")
    return gone
