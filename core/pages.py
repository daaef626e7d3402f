"""Pages of a list: how many, which one, and what stands on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Select, func, select

from core.db import db


@dataclass(frozen=True)
class Page:
    """One page of a list: ITEMS of TOTAL, page NUMBER of PAGES (from 1)."""

    items: list[Any]
    number: int
    pages: int
    total: int


def page_number(name: str = "page") -> int:
    """The page asked for in the address under NAME, 1 when it is none or nonsense."""
    return max(1, request.args.get(name, 1, type=int) or 1)


def paginate(statement: Select[Any], number: int, size: int = 20) -> Page:
    """The page NUMBER of STATEMENT's rows in two queries; past the end gives the last page."""
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    number = min(number, pages)
    items = list(db.session.scalars(statement.limit(size).offset((number - 1) * size)).unique())
    return Page(items, number, pages, total)
