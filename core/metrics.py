"""Counters and times of this process at /metrics, in Prometheus' text form."""

from __future__ import annotations

import time
from functools import lru_cache, partial

from flask import Flask, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from core.websocket import counters

REQUESTS = Counter("mentors_requests_total", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram("mentors_request_seconds", "Time to answer", ["route"])
DELIVERIES = Gauge("mentors_deliveries", "Messages to sockets since the start, by how they went", ["how"])
for _how in ("direct", "queued", "partial"):
    DELIVERIES.labels(_how).set_function(partial(getattr, counters, _how))

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


# The labelled ones, found once: looking them up costs more than counting.
_requests = lru_cache(maxsize=4000)(REQUESTS.labels)
_seconds = lru_cache(maxsize=1000)(SECONDS.labels)


def init_app(app: Flask) -> None:
    @app.after_request
    def _count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unmatched"
        # A method is the client's word: unknown ones share a label, or anybody could make up new ones.
        method = request.method if request.method in METHODS else "other"
        _requests(route, method, response.status_code).inc()
        if "started" in g:
            _seconds(route).observe(time.perf_counter() - g.started)
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        """For loopback, and for whoever holds METRICS_TOKEN."""
        token = app.config["METRICS_TOKEN"]
        told = request.headers.get("Authorization", "") == f"Bearer {token}" if token else False
        # What a proxy on this machine hands over comes from loopback too, whoever asked.
        direct = request.remote_addr in {"127.0.0.1", "::1"} and "X-Forwarded-For" not in request.headers
        if not told and not direct:
            abort(404)
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
