"""What packages above hear inside the open transaction: learning tells people and frees seats.

cohort_changed: sender cohort; before, after: CohortState; actor: User | None; reason: str.
cohort_moved: sender cohort; meetings: those whose date changed.
"""

from __future__ import annotations

from blinker import Signal

cohort_changed = Signal()
cohort_moved = Signal()
