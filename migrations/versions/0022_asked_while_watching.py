"""Questions asked at a second of a recording, and those answered elsewhere since.

Revision ID: asked_watching
Revises: job_states
"""

import sqlalchemy as sa
from alembic import op

revision = "asked_watching"
down_revision = "job_states"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "recording_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_recording_questions_seconds")),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_recording_questions_recording_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_recording_questions_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_questions")),
        sa.UniqueConstraint("question_id", name=op.f("uq_recording_questions_question_id")),
    )
    op.create_index(op.f("ix_recording_questions_recording_id"), "recording_questions", ["recording_id"])
    op.create_table(
        "answers_elsewhere",
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("question_id <> answer_id", name=op.f("ck_answers_elsewhere_another")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_answers_elsewhere_question_id")
        ),
        sa.ForeignKeyConstraint(["answer_id"], ["questions.id"], name=op.f("fk_answers_elsewhere_answer_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_answers_elsewhere_by_id")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_answers_elsewhere")),
    )
    for column in ("answer_id", "by_id"):
        op.create_index(op.f(f"ix_answers_elsewhere_{column}"), "answers_elsewhere", [column])


def downgrade():
    op.drop_table("answers_elsewhere")
    op.drop_table("recording_questions")
