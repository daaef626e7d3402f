"""The benchmark of uploads measures what it says; no figure is judged."""

from __future__ import annotations

import pytest

from bench import upload


def test_breaks_peaks_and_eight_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UPLOADS_PER_PERSON", "9")
    monkeypatch.setattr(upload, "BREAKS", 5)
    monkeypatch.setattr(upload, "MEGABYTES", 4)

    found = upload.run()

    assert found.identical
    assert sorted(one.how for one in found.breaks) == ["fin", "kill", "restart", "rst", "stall"]
    assert len(found.peaks) == 3
    assert min(found.idle, found.eight, *found.peaks) > 10
    assert "the same SHA-256" in upload.table(found)
