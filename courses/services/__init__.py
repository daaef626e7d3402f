"""Writing the curriculum: drafts, publishing, retiring."""

from courses.services.courses import create_course, save_course
from courses.services.modules import create_module, save_module
from courses.services.versions import (
    DraftGone,
    EditedMeanwhile,
    Incomplete,
    discard,
    open_draft,
    publish,
    restore,
    retire,
)

__all__ = [
    "DraftGone",
    "EditedMeanwhile",
    "Incomplete",
    "create_course",
    "create_module",
    "discard",
    "open_draft",
    "publish",
    "restore",
    "retire",
    "save_course",
    "save_module",
]
