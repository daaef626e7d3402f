"""Structured logs without personal data: who is a number, a path is its rule, no query string."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request
from flask_login import current_user

log = structlog.get_logger("mentors")


def init_app(app: Flask) -> None:
    json = app.config["LOG_JSON"]
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # The servers' own access lines carry addresses and query strings.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        if app.config["LOG_JSON"] or response.status_code >= 500:
            log.info("request", **_facts(response))
        return response


def _facts(response: Response) -> dict[str, Any]:
    user = getattr(current_user, "id", None) if "_login_user" in g else None
    return {
        "method": request.method,
        "route": str(request.url_rule) if request.url_rule else "unmatched",
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        "user": user,
    }
