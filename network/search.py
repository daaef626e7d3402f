"""What can be found of the network: its organisations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from core import search
from core.db import db
from core.search import Document, Link
from network.models import Organisation


def _organisations() -> Iterable[int]:
    return db.session.scalars(select(Organisation.id))


def _organisation(key: int) -> Iterator[Document]:
    found = db.session.get(Organisation, key)
    if found is None:
        return
    lines = [found.region_el, found.about_el, found.region_en, found.about_en]
    yield Document(
        part=0,
        title_el=found.name_el,
        title_en=found.name_en,
        place_el=found.region_el,
        place_en=found.region_en,
        text="\n".join(line for line in lines if line),
        links=(Link("network.organisation", {"slug": found.slug}),),
        languages=frozenset({"el", "en"}),
        moment=found.created_at,
    )


search.register("organisation", _organisations, _organisation)
search.watch("organisation", Organisation, lambda _s, organisation: [organisation.id])
