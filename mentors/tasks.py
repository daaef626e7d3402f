"""What the clock does to cohorts."""

from __future__ import annotations

from core.db import db
from core.jobs import task
from mentors.models import Cohort
from mentors.services import state


@task("mentors.start")
def start(cohort_id: int) -> None:
    """A published cohort whose first meeting has come is running."""
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is not None:
        state.start_when_due(cohort)
