"""The public pages of mentors: staff open one for a person, who then says on it what they like."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from core.db import db
from core.errors import Conflict, require
from core.text import slugify
from courses.models import Theme
from mentors.models import Mentor
from mentors.permissions import can_edit_page, can_open_pages
from mentors.plans import AboutMentor
from mentors.queries import free_mentor_slug, page_of
from mentors.services.people import UnknownPerson
from network.queries import person_by_email


def open_page(actor: User | None, email: str, headline: str) -> Mentor:
    """The page of the person of EMAIL with HEADLINE (Greek); who has one keeps it as it is.

    Raises Forbidden, UnknownPerson.
    """
    require(can_open_pages(actor))
    person = person_by_email(email)
    if person is None:
        raise UnknownPerson
    if page := page_of(person.id):
        return page
    user_id, base = person.id, slugify(f"{person.given_name} {person.family_name}")
    mentor = Mentor(slug=free_mentor_slug(base), user_id=user_id, headline_el=headline)
    db.session.add(mentor)
    try:
        db.session.commit()
    except IntegrityError:  # the other half of a double click, as a rule
        db.session.rollback()
        if page := page_of(user_id):
            return page
        raise Conflict from None
    return mentor


def edit_page(actor: User | None, mentor: Mentor, revision: int, about: AboutMentor) -> None:
    """Put ABOUT on the page. REVISION is the one the form was made from; MENTOR must have its themes loaded.

    Raises Forbidden, Conflict.
    """
    require(can_edit_page(actor, mentor))
    words = {name: value for name, value in vars(about).items() if name != "themes"}
    themes = list(db.session.scalars(select(Theme).where(Theme.id.in_(about.themes)).order_by(Theme.number)))
    done = db.session.execute(
        update(Mentor)
        .where(Mentor.id == mentor.id, Mentor.revision == revision)
        .values(revision=Mentor.revision + 1, **words)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        db.session.rollback()
        raise Conflict
    mentor.themes = themes
    db.session.commit()
