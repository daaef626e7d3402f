"""Who may see a document, told once for each set of circles: of many audiences each document is asked by number.

Revision ID: audiences
Revises: search
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "audiences"
down_revision = "search"
branch_labels = None
depends_on = None

JOBS = sa.table(
    "jobs",
    *(sa.column(name, sa.String) for name in ("kind", "key", "state")),
    sa.column("payload", sa.JSON),
    sa.column("attempts", sa.Integer),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("run_after", "created_at")),
)


def upgrade():
    # The index is made of other tables: it begins anew.
    _empty()
    op.create_table(
        "search_audiences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circles", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_audiences")),
        sa.UniqueConstraint("circles", name=op.f("uq_search_audiences_circles")),
    )
    op.add_column("search_documents", sa.Column("audience", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade():
    _empty()
    op.drop_column("search_documents", "audience")
    op.drop_table("search_audiences")


def _empty():
    op.execute("DELETE FROM search_documents")
    op.execute("DELETE FROM jobs WHERE kind = 'search.rebuild'")
    now = dt.datetime.now(dt.timezone.utc)
    job = {"kind": "search.rebuild", "key": "first", "state": "queued", "payload": {}, "attempts": 0}
    op.bulk_insert(JOBS, [{**job, "run_after": now, "created_at": now}])
