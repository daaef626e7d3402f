"""Pictures of questions: waiting under a keyed hash, then part of their question.

Revision ID: pictures
Revises: caption_versions
"""

import sqlalchemy as sa
from alembic import op

revision = "pictures"
down_revision = "caption_versions"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "question_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer()),
        sa.Column("token", sa.String(64)),
        sa.Column("waits_since", sa.DateTime(timezone=True)),
        sa.Column("alt", sa.String(300), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(question_id IS NULL) = (token IS NOT NULL)", name=op.f("ck_question_pictures_of")),
        sa.CheckConstraint("(token IS NULL) = (waits_since IS NULL)", name=op.f("ck_question_pictures_waits")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_question_pictures_room_id")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_question_pictures_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_pictures")),
        sa.UniqueConstraint("question_id", name=op.f("uq_question_pictures_question_id")),
        sa.UniqueConstraint("token", name=op.f("uq_question_pictures_token")),
    )
    op.create_index(op.f("ix_question_pictures_room_id"), "question_pictures", ["room_id"])


def downgrade():
    op.drop_index(op.f("ix_question_pictures_room_id"), table_name="question_pictures")
    op.drop_table("question_pictures")
