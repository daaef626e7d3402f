"""`python -m tests.archive.dying N`: a worker that is killed at the Nth point between disk and database.

Points are the moments before and after each commit, and before each change of a file in the media folder.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

CHANGES = {"os.rename", "os.chmod", "os.remove"}


def main(number: int) -> None:
    """Run what is due; die on the way."""
    from app import create_app
    from core.jobs import run_all

    app = create_app()
    left = [number]

    def reached(*_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def changing(name: str, arguments: tuple[Any, ...]) -> None:
        if name in CHANGES and app.config["MEDIA_DIR"] in str(arguments[0]):
            reached()

    with app.app_context():
        event.listen(Engine, "commit", reached)
        event.listen(Session, "after_commit", reached)
        sys.addaudithook(changing)
        run_all()


if __name__ == "__main__":
    main(int(sys.argv[1]))
