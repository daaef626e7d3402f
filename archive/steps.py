"""Jobs of recordings in words: what each step is, how it stands, why it waits or was given up."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from core.i18n import clock
from core.jobs import Job, JobState

TITLES: dict[str, Any] = {
    "archive.finalise": _l("The file goes to its place"),
    "archive.verify": _l("The whole file is checked"),
    "archive.rewrap": _l("It becomes an MP4, as it is"),
    "archive.encode": _l("It becomes an MP4 that browsers play"),
    "archive.poster": _l("A still for lists"),
    "archive.hls": _l("Pieces for streaming"),
    "archive.storyboard": _l("Small stills along the line"),
    "archive.audio": _l("The sound alone"),
    "archive.low": _l("The sound for poor lines"),
    "archive.cut": _l("The film without what was removed"),
    "archive.ladder": _l("The picture in 480p and 720p"),
    "archive.recognise": _l("A first draft of the captions"),
    "archive.offline": _l("The edition for reading without a line"),
    "archive.sweep": _l("The daily tidying up"),
    "archive.manifest": _l("What lies in its folder is written down"),
    "archive.mirror": _l("The second copy is brought up to date"),
    "archive.audit": _l("Today’s share of the files is compared"),
}

REASONS: dict[str, Any] = {
    "disk": _l("It needs more room than the disk has now. It looks again each minute and begins by itself."),
    "live": _l("A meeting is on, and its people need the machine. It begins by itself afterwards."),
    "permanent": _l("It can't be done with this file."),
    "limit": _l("It would have taken more time or room than such a recording can need."),
    "nothing_kept": _l("What stays is too short to be shown without what was removed. Remove less, or withdraw it."),
    "poison": _l("It ended three times with the same error. Read its last lines before you try again."),
    "asr": _l("The program that listens gave no text. Read its last lines before you try again."),
    "silence": _l("The program that listens understood nothing."),
    "exhausted": _l("It was tried for more than an hour. Read its last lines, then try again."),
}


def title(job: Job) -> str:
    """What is done."""
    return str(TITLES.get(job.kind, job.kind))


def state(job: Job) -> tuple[str, str]:
    """(how it stands in a few words, the kind of its chip)."""
    words = {
        JobState.QUEUED: (gettext("waits its turn"), ""),
        JobState.RUNNING: (gettext("is being done"), "info"),
        JobState.WAITING: (gettext("waits"), "warn"),
        JobState.DONE: (gettext("is ready"), "ok"),
        JobState.FAILED: (gettext("failed"), "bad"),
        JobState.SKIPPED: (gettext("left out"), "line"),
    }
    return words[job.state]


def why(job: Job) -> str:
    """Why it waits or was given up, and what happens next; "" when its state says it all."""
    if job.reason == "transient":
        again = clock(job.run_after)
        return gettext("Something around it failed. It is tried again at %(clock)s by itself.", clock=again)
    return str(REASONS.get(job.reason, ""))


def last_lines(job: Job) -> str:
    """The end of what is known of the last error."""
    return "\n".join((job.error or "").splitlines()[-12:])
