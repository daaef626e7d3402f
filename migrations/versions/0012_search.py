"""What can be found, and its index: FTS5 on SQLite, GIN on PostgreSQL.

Revision ID: search
Revises: moderation
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "search"
down_revision = "moderation"
branch_labels = None
depends_on = None

SQLITE = """
CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_documents', content_rowid='id', detail=none,
 columnsize=0, tokenize="ascii tokenchars '=^~@!+:'")
--
CREATE TRIGGER search_words_in AFTER INSERT ON search_documents BEGIN
 INSERT INTO search_words(rowid, words) VALUES (new.id, new.words);
END
--
CREATE TRIGGER search_words_out AFTER DELETE ON search_documents BEGIN
 INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words);
END
--
CREATE TRIGGER search_words_change AFTER UPDATE OF words ON search_documents BEGIN
 INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words);
 INSERT INTO search_words(rowid, words) VALUES (new.id, new.words);
END
"""
POSTGRESQL = "CREATE INDEX search_words ON search_documents USING gin (array_to_tsvector(string_to_array(words, ' ')))"


JOBS = sa.table(
    "jobs",
    *(sa.column(name, sa.String) for name in ("kind", "key", "state")),
    sa.column("payload", sa.JSON),
    sa.column("attempts", sa.Integer),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("run_after", "created_at")),
)


def upgrade():
    _make_tables()
    # What is there already is found once the worker has read it.
    now = dt.datetime.now(dt.timezone.utc)
    job = {"kind": "search.rebuild", "key": "first", "state": "queued", "payload": {}, "attempts": 0}
    op.bulk_insert(JOBS, [{**job, "run_after": now, "created_at": now}])


def _make_tables():
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("title_el", "title_en", "place_el", "place_en")),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("kind", "key", "part", name=op.f("uq_search_documents_kind_key_part")),
    )
    op.create_table(
        "search_things",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_search_things")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        return
    for statement in SQLITE.split("--"):
        op.execute(sa.text(statement.strip().replace(":'", "\\:'")))


def downgrade():
    op.execute("DELETE FROM jobs WHERE kind LIKE 'search.%'")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
    op.drop_table("search_things")
    op.drop_table("search_documents")
