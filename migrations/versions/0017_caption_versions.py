"""Every version of the captions, and chapters.

Revision ID: caption_versions
Revises: private_feeds
"""

import sqlalchemy as sa
from alembic import op

revision = "caption_versions"
down_revision = "private_feeds"
branch_labels = None
depends_on = None

SOURCES = ("uploaded", "guessed", "machine", "edited", "restored")
STATES = ("shown", "draft", "aside", "hidden")


def enumeration(values, name):
    """An enumeration as the models write it; its CHECK is made beside it."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=False, length=40)


def one_of(column, values, name):
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=op.f(name))


def upgrade():
    op.create_table(
        "caption_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Integer()),
        sa.Column("source", enumeration(SOURCES, "caption_source"), nullable=False),
        sa.Column("state", enumeration(STATES, "caption_state"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        one_of("source", SOURCES, "ck_caption_versions_caption_source"),
        one_of("state", STATES, "ck_caption_versions_caption_state"),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_caption_versions_recording_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_caption_versions_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caption_versions")),
        sa.UniqueConstraint(
            "recording_id", "language", "no", name=op.f("uq_caption_versions_recording_id_language_no")
        ),
    )
    op.create_index(op.f("ix_caption_versions_recording_id"), "caption_versions", ["recording_id"])
    op.create_index(op.f("ix_caption_versions_by_id"), "caption_versions", ["by_id"])
    followed = sa.text("state <> 'aside'")
    op.create_index(
        "uq_caption_versions_follows",
        "caption_versions",
        ["recording_id", "language", "follows"],
        unique=True,
        sqlite_where=followed,
        postgresql_where=followed,
    )
    op.create_table(
        "chapters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("title_el", sa.String(200), nullable=False),
        sa.Column("title_en", sa.String(200), nullable=False),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_chapters_seconds")),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_chapters_recording_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chapters")),
        sa.UniqueConstraint("recording_id", "seconds", name=op.f("uq_chapters_recording_id_seconds")),
    )
    op.create_index(op.f("ix_chapters_recording_id"), "chapters", ["recording_id"])


def downgrade():
    op.drop_table("chapters")
    op.drop_table("caption_versions")
