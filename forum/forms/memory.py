"""Looking for what was asked before, and saying that an old answer is enough."""

from __future__ import annotations

from forum.forms.questions import BODY_LIMIT
from forum.forms.readers import CID, QID, Shape, one_of, text

SOURCES = ("room", "earlier", "faq")

COMMANDS: dict[str, Shape] = {
    "question:covered": ({"cid": CID, "source": one_of(*SOURCES), "id": QID}, {}),
}

# What is only read, so it never waits in the writer's line.
READS: dict[str, Shape] = {
    "question:similar": ({}, {"body": text(BODY_LIMIT), "qid": QID}),
}
