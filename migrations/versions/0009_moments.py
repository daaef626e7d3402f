"""Anchors of a recording: answers tied to their second by people.

Revision ID: moments
Revises: room_life
"""

import sqlalchemy as sa
from alembic import op

revision = "moments"
down_revision = "room_life"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "recording_anchors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_recording_anchors_seconds")),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_recording_anchors_recording_id")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_recording_anchors_question_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_recording_anchors_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_anchors")),
        sa.UniqueConstraint("recording_id", "question_id", name=op.f("uq_recording_anchors_recording_id_question_id")),
    )
    for column in ("recording_id", "question_id", "by_id"):
        op.create_index(f"ix_recording_anchors_{column}", "recording_anchors", [column])


def downgrade():
    op.drop_table("recording_anchors")
