"""The application: settings, extensions, blueprints, error pages. `python app.py` serves it."""

from __future__ import annotations

import gc

if __name__ == "__main__":  # before anything opens a socket or makes a lock
    from gevent import monkey

    monkey.patch_all()
    gc.disable()  # until main() has its application: modules come and none goes, looking for garbage is a quarter of it

import signal
import sys
from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

import accounts.cli
import accounts.manage
import accounts.search
import accounts.security
import accounts.slots
import accounts.views
import archive.beside
import archive.cli
import archive.dictation
import archive.feeds
import archive.manage
import archive.media
import archive.oembed
import archive.offline
import archive.reading
import archive.search
import archive.slots
import archive.tasks
import archive.uploads
import archive.views
import config
import core.assets
import core.compression
import core.headers
import core.i18n
import core.jobs
import core.limits
import core.live
import core.log
import core.metrics
import core.revisions
import core.search.cli
import core.slots
import core.translations
import courses.manage
import courses.search
import courses.views
import forum.cli
import forum.events
import forum.search
import forum.slots
import forum.tasks
import forum.views
import home.views
import learning.slots
import learning.views
import mentors.manage
import mentors.search
import mentors.slots
import mentors.tasks
import mentors.views
import network.manage
import network.search
import network.views
import seed
from core.db import db
from core.errors import Conflict, DomainError, Unstored
from core.forms import written

csrf = CSRFProtect()
migrate = Migrate(render_as_batch=True, compare_type=True, include_name=core.search.beside_models)

BLUEPRINTS = (
    home.views.pages,
    accounts.views.pages,
    accounts.manage.pages,
    network.views.pages,
    network.manage.pages,
    courses.views.pages,
    courses.manage.pages,
    mentors.views.pages,
    mentors.manage.pages,
    learning.views.pages,
    forum.views.pages,
    archive.views.pages,
    archive.manage.pages,
    archive.uploads.pages,
)


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """A new application with settings from the environment, then OVERRIDES."""
    app = Flask(__name__, instance_path=None)
    app.config.from_mapping(config.from_environment())
    app.config.update(overrides or {})
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.add_template_global(core.slots.slot, "slot")
    if hops := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    # Compression comes first, so that it runs last on an answer.
    for module in (core.compression, core.log, core.i18n, core.headers, core.assets, core.limits, core.metrics,
                   core.jobs, core.search.cli, core.translations,
                   accounts.security, core.live, accounts.cli, forum.cli, archive.cli, seed):
        module.init_app(app)
    # tus has a guard of its own against forged requests (archive/uploads.py).
    csrf.exempt(archive.uploads.pages)
    # A captioning program has a key and no cookie that could be misused.
    csrf.exempt(forum.views.captions.feed_captions)
    app.before_request(_refuse_nul)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _register_errors(app)
    return app


def _refuse_nul() -> None:
    """No address of ours has a NUL in it, and PostgreSQL takes none."""
    values = (text for name, value in request.args.items(multi=True) for text in (name, value))
    if "\0" in request.path or any("\0" in text for text in values):
        abort(400)


def _register_errors(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Any:
        """A refusal: said on the page the person came from, else (or with words to lose) on a page of its own."""
        if request.accept_mimetypes.best == "application/json":
            return {"err": error.code, "message": str(error.message)}, error.status
        if request.method == "POST" and error.status in {409, 422} and _came_from_here() and not written():
            flash(str(error.message), "bad")
            return redirect(str(request.referrer), 303)
        return _error_page(error.status, str(error.message))

    @app.errorhandler(IntegrityError)
    @app.errorhandler(OperationalError)
    def unwritten(error: IntegrityError | OperationalError) -> Any:
        """Two wrote the same at once, or the disk is full; nothing of it is stored."""
        db.session.rollback()
        said = _why_unwritten(error)
        return refused(said) if said else broken(error)

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Any:
        if error.response is not None:
            return error.response
        return _error_page(error.code or 500, None)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Any:
        core.log.log.error("unhandled", exc_info=error)
        if app.testing:
            raise error
        return _error_page(500, None)


def _why_unwritten(error: IntegrityError | OperationalError) -> DomainError | None:
    said = str(error.orig).lower()
    if isinstance(error, IntegrityError):
        return Conflict() if "unique" in said else None
    return Unstored() if any(words in said for words in ("is full", "no space", "disk i/o")) else None


def _came_from_here() -> bool:
    return bool(request.referrer and request.referrer.startswith(request.host_url))


def _error_page(status: int, message: str | None) -> tuple[str, int] | Response:
    known = status if status in {400, 403, 404, 405, 413, 429} else 500 if status >= 500 else 400
    # The body may be what was refused: then it isn't read.
    typed = written() if request.method == "POST" and status in {400, 401, 403, 404, 409, 422, 429, 507} else []
    return render_template(f"errors/{known}.html", message=message, typed=typed), status


def _stop(*_signal: Any) -> None:
    """Leave without a word, before there is a server to stop (core/live.py)."""
    sys.exit(0)


def main() -> None:
    """Serve until stopped; with --prepare do first what `make run` promises, and run the worker too."""
    # Asked to stop either way, even by a shell that started us with Ctrl-C ignored.
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    app = create_app()
    gc.enable()
    if "--prepare" not in sys.argv:
        core.live.serve(app)
        return
    import prepare  # only here: it starts processes

    prepare.prepare(app)
    worker = prepare.start_worker()
    prepare.greet(app)
    try:
        core.live.serve(app)
    finally:
        prepare.stop_worker(worker)


if __name__ == "__main__":
    main()
