"""The index finds what people type: capitals, no accents, other forms, misspelt, in Latin letters."""

from __future__ import annotations

from flask import Flask

from tests.core.search.retrieval import asked, filled, mean, passages


def test_what_people_type_is_found(app: Flask) -> None:
    texts = passages()
    with filled(app, texts):
        plain, otherwise = asked(app, "plain", texts), asked(app, "typed_otherwise", texts)
    assert len(plain) == 20
    assert all(result.right for result in plain)
    assert mean(plain, "recall") >= 0.97, [r for r in plain if r.recall < 1]
    assert mean(plain, "precision") >= 0.95, [r for r in plain if r.precision < 1]

    assert mean(otherwise, "recall") >= 0.85, [r for r in otherwise if r.recall < 1]
    assert mean(otherwise, "precision") >= 0.85, [r for r in otherwise if r.precision < 1]
