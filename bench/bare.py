"""The yardstick: Flask, Jinja and SQLite with nothing around them, one page of 50 rows.

Served by the same server as the product (gevent's pywsgi). Prints the port it listens on.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402 - everything else is imported after patching
import sqlite3
import sys

from flask import Flask, render_template

from core.live import listening_server

ROWS = 50
PAGE = """<!doctype html>
<html lang="el"><head><meta charset="utf-8"><title>Ερωτήσεις</title></head><body><h1>Ερωτήσεις</h1>
<ol>{% for row in rows %}
<li id="q{{ row.no }}"><p>{{ row.body }}</p><span>{{ row.score }}</span></li>{% endfor %}
</ol></body></html>"""
BODY = "Πώς μοιράζονται τα έξοδα όταν ένα μέλος αποχωρεί στη μέση της χρονιάς; <{}>"


def database(path: str) -> sqlite3.Connection:
    """The table of 50 rows at PATH, made anew."""
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("DROP TABLE IF EXISTS questions")
    connection.execute("CREATE TABLE questions (no INTEGER PRIMARY KEY, body TEXT, score INTEGER)")
    rows = [(no, BODY.format(no), no % 7) for no in range(1, ROWS + 1)]
    connection.executemany("INSERT INTO questions VALUES (?, ?, ?)", rows)
    connection.commit()
    return connection


def bare(path: str) -> Flask:
    """An application of one page, over the database at PATH."""
    app = Flask(__name__)
    connection = database(path)
    template = app.jinja_env.from_string(PAGE)  # compiled once, as a file would be

    @app.get("/")
    def index() -> str:
        rows = connection.execute("SELECT no, body, score FROM questions ORDER BY score DESC, no").fetchall()
        return render_template(template, rows=rows)

    return app


def main() -> None:
    """Serve until killed."""
    server = listening_server(bare(sys.argv[1]), "127.0.0.1", 0)
    server.start()
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
