"""What the front page, the dashboard and the pillars show, gathered from every area."""

from __future__ import annotations
