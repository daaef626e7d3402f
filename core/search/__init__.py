"""One small index for the whole site, on SQLite and PostgreSQL alike. Knows no domain: areas say what can be found.

    register("module", keys, documents)    an area: which things there are, and the documents of one thing
    watch("module", ModuleVersion, …)      an area: which changes of which tables touch which things
    circles(of_user)                       an area: what somebody belongs to, as the documents name it
    follow("cohort", "question", keys)     an area: what else says something of a thing
    touch("cohort", 12)                    a service that changes rows past the session says so itself
    find(Asked("κοινωνικη οικονομια"), reader)    what the reader may see, ranked, with excerpts

Who may see a document stands among its words, so nothing is found, counted or shown that isn't the reader's.
"""

from __future__ import annotations

from core.search.excerpt import Piece, excerpt
from core.search.find import Asked, Found, Group, Hit, find
from core.search.index import changed, check, follow, index_thing, rebuild, register, touch, watch
from core.search.reader import EVERYTHING, PUBLIC, Reader, circles, reader
from core.search.tables import Document, Link, SearchAudience, SearchDocument, SearchThing, beside_models
from core.search.words import Query, indexed, read

__all__ = [
    "EVERYTHING",
    "PUBLIC",
    "Asked",
    "Document",
    "Found",
    "Group",
    "Hit",
    "Link",
    "Piece",
    "Query",
    "Reader",
    "SearchAudience",
    "SearchDocument",
    "SearchThing",
    "beside_models",
    "changed",
    "check",
    "circles",
    "excerpt",
    "find",
    "follow",
    "index_thing",
    "indexed",
    "read",
    "reader",
    "rebuild",
    "register",
    "touch",
    "watch",
]
