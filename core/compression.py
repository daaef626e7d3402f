"""Text goes out compressed when whoever asks can read that; media and uploads are left as they are.

Behind nginx nothing is done here: its configuration asks for plain text and compresses itself.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from flask_compress import Compress

TEXT = (
    "text/html",
    "text/css",
    "text/plain",
    "text/vtt",
    "text/calendar",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/ld+json",
    "application/manifest+json",
    "application/vnd.apple.mpegurl",
    "image/svg+xml",
)
ALGORITHMS = ("br", "gzip")
PARTIAL = 206


class TextCompression(Compress):
    def after_request(self, response: Response | None) -> Any:
        """A part of a file keeps its own bytes; so does what answers an upload."""
        if response is not None and (response.status_code == PARTIAL or request.path.startswith("/uploads")):
            return response
        source = response.response if response is not None else None
        answer = super().after_request(response)
        # The library streams a file through its compressor, and leaves closing the file to chance.
        close = getattr(source, "close", None)
        if answer is not None and answer.response is not source and close is not None:
            answer.call_on_close(close)
        return answer


def init_app(app: Flask) -> None:
    """Call before everything else that touches answers: what is registered first runs last."""
    app.config.setdefault("COMPRESS_MIMETYPES", list(TEXT))
    app.config.setdefault("COMPRESS_ALGORITHM", list(ALGORITHMS))
    app.config.setdefault("COMPRESS_ALGORITHM_STREAMING", ["br"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 5)
    TextCompression(app)
