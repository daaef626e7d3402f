"""Removed parts of recordings, replaced originals, recordings that were taken back.

Revision ID: removed_parts
Revises: asked_watching
"""

import sqlalchemy as sa
from alembic import op

revision = "removed_parts"
down_revision = "asked_watching"
branch_labels = None
depends_on = None

VISIBILITY = sa.Enum(
    "private", "cohort", "public", name="recording_withdrawn_from", native_enum=False, create_constraint=False, length=40
)


def upgrade():
    op.create_table(
        "recording_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Double(), nullable=False),
        sa.Column("last", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first >= 0 AND last > first", name=op.f("ck_recording_edits_order")),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_recording_edits_recording_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_recording_edits_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_edits")),
        sa.UniqueConstraint("recording_id", "first", "last", name=op.f("uq_recording_edits_recording_id_first_last")),
    )
    op.create_table(
        "recording_originals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("duration", sa.Double(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("answered", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_recording_originals_recording_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_recording_originals_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_originals")),
        sa.UniqueConstraint("recording_id", "sha256", name=op.f("uq_recording_originals_recording_id_sha256")),
    )
    for table in ("recording_edits", "recording_originals"):
        for column in ("recording_id", "by_id"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    with op.batch_alter_table("recordings") as batch:
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("withdrawn_reason", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("withdrawn_from", VISIBILITY))
        batch.create_check_constraint(
            op.f("ck_recordings_recording_withdrawn_from"), "withdrawn_from IN ('private', 'cohort', 'public')"
        )
    with op.batch_alter_table("recordings") as batch:
        batch.alter_column("withdrawn_reason", existing_type=sa.Text(), server_default=None)


def downgrade():
    with op.batch_alter_table("recordings") as batch:
        batch.drop_constraint(op.f("ck_recordings_recording_withdrawn_from"), type_="check")
        for column in ("withdrawn_from", "withdrawn_reason", "withdrawn_at"):
            batch.drop_column(column)
    op.drop_table("recording_originals")
    op.drop_table("recording_edits")
