"""From a received file to one that plays, then everything made of it: one small file for each step.

Every step may be run again after a kill and ends the same. `planning.plan` says which are missing.
"""

from __future__ import annotations

from archive.pipeline.planning import plan, plan_all

__all__ = ["plan", "plan_all"]
